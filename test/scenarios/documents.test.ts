import { beforeAll, describe, expect, it } from 'vitest'
import { freePort, uniqueName } from '../engine/ports.ts'
import { testEngine } from '../engine/test-engine.ts'
import { exitOf, expectPlan, expectRun, expectStatus } from './support/agreement.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { documents } from './support/documents.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { commitAndRun, runOnce } from './support/runs.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

const [web, side] = [uniqueName('web'), uniqueName('side')]
const desired = 'desired/desired.toml'
const onEnd = atTheEnd()
let host: Instance
let base: string

beforeAll(async () => {
  const port = await freePort()
  const manifest = `[env]\ngenerate = ["KEY"]\n[health]\nurl = "http://127.0.0.1:${port}/"\n`
  const files = {
    ...webStacklet({ id: web, port, manifest }),
    ...webStacklet({ id: side }),
    ...desiredRunning(web, side),
  }
  host = await makeInstance(files, { onEnd })
  base = await host.commit('first')
  // The network that all instances share is made by whoever runs first: let it be there.
  const neighbour = uniqueName('neighbour')
  await commitAndRun(await makeInstance({ ...webStacklet({ id: neighbour }), ...desiredRunning(neighbour) }, { onEnd }))
})

/** What is so on the host, and what the commands have to answer: `plan`, `reconcile`, `status`. */
interface Situation {
  readonly name: string
  readonly given: () => Promise<unknown>
  readonly plan: number
  readonly outcome: string
  readonly ready: boolean
}

const compose = `stacklets/${side}/docker-compose.yml`
const committed = async (path: string, text: string) => {
  await host.write(path, text)
  await host.commit('given')
}

/** In this order on one host; the run that each ends with is part of it. */
const situations: readonly Situation[] = [
  { name: 'nothing was done yet', given: async () => {}, plan: 2, outcome: 'converged', ready: true },
  { name: 'nothing is left to do', given: async () => {}, plan: 0, outcome: 'converged', ready: true },
  {
    name: 'a container was stopped by hand',
    given: () => host.docker(['stop', `stack-${web}`]),
    plan: 2,
    outcome: 'converged',
    ready: true,
  },
  {
    name: 'one stacklet has uncommitted edits',
    given: () => host.write(compose, 'half'),
    plan: 1,
    outcome: 'waiting',
    ready: false,
  },
  {
    name: 'one stacklet has a broken Compose file',
    given: () => committed(compose, 'services: [\n'),
    plan: 1,
    outcome: 'stalled',
    ready: false,
  },
  {
    name: 'desired.toml is broken',
    given: () => committed(desired, 'stacklets = 1\n'),
    plan: 1,
    outcome: 'stalled',
    ready: false,
  },
  { name: 'desired.toml is empty', given: () => committed(desired, ''), plan: 0, outcome: 'held', ready: false },
  {
    name: 'a stacklet crashed and went back to its good version',
    given: async () => {
      const files = webStacklet({ id: side, image: testEngine().images.exits, restart: 'no' })
      for (const [path, text] of Object.entries(files)) await host.write(path, text)
      await host.commit('crash')
      await host.stack('reconcile')
    },
    plan: 0,
    outcome: 'stalled',
    ready: false,
  },
  {
    name: 'a stacklet is declared absent',
    given: () => committed(desired, `[stacklets.${web}]\n[stacklets.${side}]\nstate = "absent"\n`),
    plan: 2,
    outcome: 'converged',
    ready: true,
  },
]

describe('text, JSON and exit code agree, and documents are as in the contract, when', () => {
  it.each(situations)('$name', async ({ given, plan: planCode, outcome, ready }) => {
    await host.git('reset', '--quiet', '--hard', base)
    await given()
    const [planText, plan] = await Promise.all([host.stack('plan'), host.stack('plan', '--json')])
    const run = await host.stack('reconcile', '--json')
    const [statusText, status] = await Promise.all([host.stack('status'), host.stack('status', '--json')])
    const runText = await host.stack('reconcile')

    expect([planText.code, plan.code], plan.stdout + plan.stderr).toEqual([planCode, planCode])
    expectPlan(planText, plan)
    expect(run.json, run.stderr).toMatchObject({ outcome })
    expect([run.code, runText.code]).toEqual([exitOf[outcome], exitOf[outcome]])
    expectRun(runText, run)
    expect([statusText.code, status.code]).toEqual([0, 0])
    expect(status.json.condition).toMatchObject({ ready })
    expectStatus(statusText, status)
  })
})

describe('a document', () => {
  beforeAll(async () => {
    await host.git('reset', '--quiet', '--hard', base)
    await runOnce(host)
  })

  it('env, with and without secrets', async () => {
    const [hidden, shown, text] = await Promise.all([
      host.stack('env', web, '--json'),
      host.stack('env', web, '--json', '--show-secrets'),
      host.stack('env', web),
    ])

    for (const { json } of [hidden, shown]) expect(documents.env.parse(json)).toMatchObject({ id: web })
    expect(hidden.json.env).toMatchObject({ KEY: '***', PORT_BIND_IP: '0.0.0.0' })
    expect(shown.json.env.KEY).toMatch(/^[A-Za-z0-9]{32}$/)
    expect(text.stdout.trim().split('\n')).toEqual(
      Object.entries(hidden.json.env).map(([name, value]) => `${name}=${value}`),
    )
  })

  it('validate, with and without errors', async () => {
    const well = await host.stack('validate', '--json')
    await host.write(`stacklets/${side}/stacklet.toml`, 'port = "x"\ncolour = 1\n')
    const [ill, text] = await Promise.all([host.stack('validate', '--json'), host.stack('validate')])
    await host.git('checkout', '--quiet', '.')

    expect(documents.validate.parse(well.json).ok).toBe(true)
    expect(documents.validate.parse(ill.json).ok).toBe(false)
    expect([well.code, ill.code, text.code]).toEqual([0, 1, 1])
    for (const { at, level, message, hint } of ill.json.problems) {
      expect(text.stdout).toContain(`${at}: ${level}: ${message}`)
      expect(text.stdout).toContain(hint)
    }
  })

  it('list', async () => {
    const [json, text] = await Promise.all([host.stack('list', '--json'), host.stack('list')])

    expect(documents.list.parse(json.json)).toMatchObject({ total: 2, online: 2 })
    for (const { id, description } of json.json.stacklets)
      expect(text.stdout).toMatch(new RegExp(`${id} .*${description}`))
  })

  it('version', async () => {
    const [json, text] = await Promise.all([host.stack('version', '--json'), host.stack('--version')])

    expect(json.json).toMatchObject({ version: 1, stackloop: expect.stringMatching(/^\d+\.\d+\.\d+$/) })
    expect(text.stdout).toContain(json.json.stackloop)
  })

  it('errors: one on stdout, and nothing else', async () => {
    for (const words of [['env', 'nope'], ['plan', '--ref', 'nope'], ['nope']]) {
      expect(documents.errors.safeParse((await host.stack(...words, '--json')).json).error).toBeUndefined()
    }
  })

  it('has no colour and no carriage return, and nothing but itself is on stdout', async () => {
    await host.docker(['stop', `stack-${web}`])
    const run = await host.stack('reconcile', '--json')
    const text = await host.stackWith({ NO_COLOR: null }, 'status')

    expect(JSON.parse(run.stdout)).toMatchObject({ outcome: 'converged' })
    expect(run.stderr).toContain(`start ${web}`)
    for (const said of [run.stdout, run.stderr, text.stdout, text.stderr]) {
      expect(said).not.toContain('\r')
      expect(said).not.toContain('\u001b')
    }
  })
})
