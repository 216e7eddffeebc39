import { createServer } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort, uniqueName } from '../engine/ports.ts'
import { testEngine } from '../engine/test-engine.ts'
import { answeringServer, says } from './support/answering-server.ts'
import { allOf, runningOf } from './support/containers.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { commitAndRun } from './support/runs.ts'
import { desiredRunning, pairStacklet, webStacklet } from './support/stacklets.ts'

const { images, registry } = testEngine()

/** Listens on all addresses until the test ends. */
async function occupied(): Promise<number> {
  const port = await freePort()
  const server = createServer().listen(port, '0.0.0.0')
  onTestFinished(() => void server.close())
  return port
}

const neverWell = (id: string) => `    depends_on: { db: { condition: service_healthy } }
  db:
    container_name: stack-${id}-db
    image: ${images.unhealthy}
    networks: [stack]
`

describe('an up that fails', () => {
  type Case = readonly [name: string, files: (id: string) => Promise<Record<string, string>>, reason: RegExp]
  const cases: readonly Case[] = [
    [
      'for a service that waits for one which does not become healthy',
      async (id) => webStacklet({ id, service: neverWell(id) }),
      /stack-\S+-db is unhealthy|dependency failed to start|stack-\S+-db fails its health check/,
    ],
    [
      'for an image that is not there',
      async (id) => webStacklet({ id, image: `${registry}/no-such:1` }),
      /the registry has no image \S+no-such:1/,
    ],
    [
      'for a health check that nobody answers',
      async (id) => webStacklet({ id, manifest: '[health]\nurl = "http://127.0.0.1:9/"\ntimeout = "1s"\n' }),
      /is not healthy after .*127\.0\.0\.1:9.*connection refused/,
    ],
  ]

  it.each(cases)('%s says why, once, and claims nothing else', async (_, filesOf, reason) => {
    const id = uniqueName('sick')
    const host = await makeInstance({ ...(await filesOf(id)), 'desired/desired.toml': '' })
    await host.commit('first')

    const up = await host.stack('up', id)
    const [listed] = (await host.stack('list', '--json')).json.stacklets
    const status = (await host.stack('status', '--json')).json

    expect(up, up.stderr).toMatchObject({ code: 1 })
    const failures = up.stderr.split('\n').filter((line) => / failed: /.test(line))
    expect(failures, up.stderr).toHaveLength(1)
    expect(failures[0]).toMatch(reason)
    const step = /^ {2}(.*) failed: /.exec(failures[0] ?? '')?.[1]
    expect(up.stderr).not.toContain(`${step} done`)
    expect(up.stdout).not.toContain('is running')
    expect(listed).toMatchObject({ id, online: false })
    expect(status.condition).toMatchObject({ ready: false, reason: 'Failed' })
    expect(status.condition.message).toMatch(reason)
  })
})

it('an up whose port is taken says by whom, and starts nothing', async () => {
  const [id, port] = [uniqueName('sick'), await occupied()]
  const host = await makeInstance({ ...webStacklet({ id, port }), 'desired/desired.toml': '' })
  await host.commit('first')

  const up = await host.stack('up', id)
  const status = (await host.stack('status', '--json')).json

  const said = up.stdout + up.stderr
  expect(up, said).toMatchObject({ code: 1 })
  expect(said).toMatch(new RegExp(`${port}.* which ${id} publishes, is taken by `))
  expect(said).not.toContain('is running')
  expect(await runningOf(host)).toEqual([])
  expect(status.condition).toMatchObject({ ready: false })
})

it('without an engine every command that needs one says so, and nothing is claimed to be stopped', async () => {
  const id = uniqueName('web')
  const host = await makeInstance({ ...webStacklet({ id }), ...desiredRunning(id) })
  await commitAndRun(host)
  const before = await allOf(host)
  const nowhere = { DOCKER_HOST: `unix://${host.folder}/none.sock` }

  const lines = [
    'status',
    'list',
    'ps',
    'plan',
    'reconcile',
    `up ${id}`,
    `restart ${id}`,
    `down ${id}`,
    'uninstall --yes',
  ]
  for (const line of [...lines, `logs ${id}`, `exec ${id} -- true`]) {
    const answer = await host.stackWith(nowhere, ...line.split(' '))
    expect(answer.code, line).toBe(1)
    expect(answer.stderr, line).toContain(`no Docker engine answers at ${nowhere.DOCKER_HOST}`)
    expect(answer.stdout, line).not.toMatch(/stopped|running|[Nn]othing|Uninstalled/)
  }

  expect(await allOf(host)).toEqual(before)
})

describe('self_heal = false', () => {
  const quiet = (id: string, state: string) => `[reconcile]\nself_heal = false\n[stacklets.${id}]\nstate = "${state}"\n`

  it('tells every kind of drift and heals none, until a commit asks for something or a person does', async () => {
    const [id, port] = [uniqueName('pair'), await freePort()]
    const host = await makeInstance({ ...pairStacklet(id, port), 'desired/desired.toml': quiet(id, 'running') })
    await commitAndRun(host)
    await host.write(`stacklets/${id}/.env`, 'EDITED="by hand"\n')
    await host.docker(['rm', '--force', `stack-${id}-db`])
    await host.docker(['stop', `stack-${id}-web`])
    const [before, env] = [await allOf(host), await host.read(`stacklets/${id}/.env`)]

    await expectOnlyTold(host, id, [`db missing`, `stack-${id}-web stopped`, '.env edited'])
    expect(await allOf(host)).toEqual(before)
    expect(await host.read(`stacklets/${id}/.env`)).toBe(env)

    expect(await host.stack('up', id)).toMatchObject({ code: 0 })
    expect(await host.read(`stacklets/${id}/.env`)).not.toContain('EDITED')
    expect(Object.keys(await allOf(host))).toEqual([`stack-${id}-db`, `stack-${id}-web`])

    await host.remove(`stacklets/${id}/.env`)
    await expectOnlyTold(host, id, ['.env missing'])
    await host.write(
      `stacklets/${id}/stacklet.toml`,
      `id = "${id}"\nport = ${port}\n[env.defaults]\nNEW = "asked for"\n`,
    )
    await commitAndRun(host)
    expect(await host.read(`stacklets/${id}/.env`)).toContain('NEW="asked for"')
  })

  it('leaves alone what somebody started or unpaused by hand', async () => {
    const id = uniqueName('web')
    const host = await makeInstance({ ...webStacklet({ id }), 'desired/desired.toml': quiet(id, 'running') })
    await commitAndRun(host)

    for (const [state, verb] of [
      ['stopped', 'start'],
      ['paused', 'unpause'],
    ] as const) {
      await host.write('desired/desired.toml', quiet(id, state))
      await commitAndRun(host)
      await host.docker([verb, `stack-${id}`])
      await expectOnlyTold(host, id, [`stack-${id} running`])
      expect(await runningOf(host)).toEqual([`stack-${id}`])
    }
  })

  it('leaves a program of the host that has ended', async () => {
    const server = await answeringServer({ '/': says(200) })
    const id = uniqueName('native')
    const program = `check_url = "${server.url}/"\nstart = "echo started >> data/starts"\n`
    const host = await makeInstance({
      [`stacklets/${id}/stacklet.toml`]: `type = "host"\n[services.scan]\nname = "Scan"\n${program}`,
      'desired/desired.toml': quiet(id, 'running'),
    })
    await commitAndRun(host)
    await server.stop()

    await expectOnlyTold(host, id, ['Scan not responding'])

    await expect(host.read('data/starts')).rejects.toThrow('ENOENT')
  })
})

/** A run does nothing, exits 0, and says this; so do the plan and status. */
async function expectOnlyTold(host: Instance, id: string, words: readonly string[]): Promise<void> {
  const [run, plan] = [await host.stack('reconcile', '--json'), await host.stack('plan', '--ref', 'HEAD', '--json')]
  const status = await host.stack('status', id, '--json')
  expect(run.json, run.stderr).toMatchObject({ outcome: 'converged', steps: [] })
  for (const { code, json } of [run, plan]) {
    expect(code).toBe(0)
    expect(json.notes).toMatchObject([{ kind: 'drift', stacklet: id, message: `${id} drifted: ${words.join(', ')}` }])
  }
  expect(status.json.stacklets[0]).toMatchObject({ inSync: false, drift: words })
}
