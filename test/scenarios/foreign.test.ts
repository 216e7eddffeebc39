import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ForeignHost, foreignHost, foreignIds } from './fixtures/foreign.ts'
import { leftRunning } from './fixtures/hooked.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { allOf, mustSee, runningOf } from './support/containers.ts'
import type { Answer } from './support/instance.ts'
import { makeInstance } from './support/instance.ts'
import { desiredRunning } from './support/stacklets.ts'

it('finds no error in any of them as they are', async () => {
  const host = await makeInstance({ 'desired/desired.toml': '' })
  await cp(join(import.meta.dirname, 'fixtures/stacklets'), join(host.folder, 'stacklets'), { recursive: true })
  await host.commit()

  const validate = await host.stack('validate', '--json')

  expect(validate.json.problems.filter((one: { level: string }) => one.level === 'error')).toEqual([])
  expect(validate.code, validate.stdout).toBe(0)
})

describe('stacklets that were written for something else', () => {
  const onEnd = atTheEnd()
  let on: ForeignHost
  let plan: Answer
  let first: Answer
  beforeAll(async () => {
    on = await foreignHost(foreignIds, { onEnd })
    const { host, here } = on
    await host.write('stack.toml', `${await host.read('stack.toml')}${here(settings)}`)
    await host.write('users.toml', users)
    for (const [path, text] of Object.entries(desiredRunning(...foreignIds.map(here)))) await host.write(path, text)
    await host.commit()
    plan = await host.stack('plan', '--json')
    first = await host.stack('reconcile', '--json')
  })
  /** Programs of the host live on when an instance is only removed. */
  afterAll(async () => {
    const { host } = on
    const stopped = foreignIds.map(on.here).map((id) => `[stacklets.${id}]\nstate = "stopped"\n`)
    await host.write('desired/desired.toml', stopped.join(''))
    await host.commit()
    await host.stack('reconcile')
    expect(await leftRunning(host)).toEqual([])
  })

  it('plan and run unmodified', async () => {
    const { host } = on
    expect(plan.json.notes).toEqual([])
    expect(first.json, first.stdout + first.stderr).toMatchObject({ outcome: 'converged', error: null, notes: [] })
    expect(await runningOf(host)).toHaveLength(14)
  })

  it('are left alone by the next run', async () => {
    const { host } = on
    const before = await allOf(host)

    const again = await host.stack('reconcile', '--json')
    const status = await host.stack('status', '--json')

    expect(again.json, again.stderr).toMatchObject({ outcome: 'converged', rounds: 0, steps: [], notes: [] })
    expect(await allOf(host)).toEqual(before)
    for (const one of status.json.stacklets) expect(one).toMatchObject({ state: 'running', inSync: true, drift: [] })
  })

  it('see what another one made of itself only in its own first run, and are made anew for it in the same run', async () => {
    const { host, here } = on
    const secrets = await secretsOf(on)
    const { env } = await mustSee(host.docker, here('stack-kernel-runner'))
    const starts = await host.read(here('data/kernel/starts'))

    expect(secrets[here('paper_trail__API_TOKEN')]).toMatch(/^paper-token-\w{8}$/)
    expect(env).toMatchObject({
      PAPER_TOKEN: secrets[here('paper_trail__API_TOKEN')],
      ALBUMS_KEY: '',
      PEOPLE: 'ada,bob',
    })
    expect(starts).toBe('without a token\nwith a token\n')
    expect((await mustSee(host.docker, here('stack-timbers'))).env).toMatchObject({
      LETTERS_TOKEN: secrets[here('letters__ADMIN_TOKEN')],
    })
  })

  it('see in on_install what on_configure settled, and a command that runs before the marker is there', async () => {
    const { host, here } = on
    const name = { SERVER_NAME: here('letters.home'), ADMIN: 'stackadmin' }

    expect((await mustSee(host.docker, here('stack-letters-server'))).env).toMatchObject(name)
    expect(await host.read(here('data/letters/config/server.yaml'))).toBe(
      `${here('server_name: letters.home\n')}registration: secret\nsecret_digest: 32\n`,
    )
    expect(await host.read(here('data/letters/config/people'))).toBe('stackadmin\nada\nbob\ncy\n')
    expect(await host.read('.stack/settings.toml')).toContain(here('[letters]\nserver_name = "letters.home"\n'))
    expect(await host.read('.stack/settings.toml')).toContain(here('[timbers]\nwood = "oak"\n'))
    expect(await host.read(here('data/timbers/grain'))).toBe('grain of oak')
  })

  it('keep what they know of errors: 400, already exists, 401', async () => {
    const { host, here } = on
    const secrets = await secretsOf(on)
    const settings = await host.read('.stack/settings.toml')

    expect(first.stderr).toContain('tag invoice already exists')
    expect(first.stderr).toContain('the admin is there already')
    expect(settings).toMatch(new RegExp(here('\\[smithy\\]\\nadmin_was_there = true\\napi_status = 404')))
    expect(secrets[here('larynx__REFUSED')]).toBe('401')
    expect(secrets[here('timbers__RINGS')]).toBe('rings-300')
  })

  it('get every value as it is: braces, numbers, quotes, dollars, keys in lower case', async () => {
    const { host, here } = on
    const oracle = (await mustSee(host.docker, here('stack-oracle'))).env
    const smithy = (await mustSee(host.docker, here('stack-smithy'))).env

    expect(JSON.parse(oracle['MODEL_PARAMS'] ?? '')).toEqual({
      temperature: 0.2,
      stop: ['}', here('oracle')],
      nested: { a: {} },
    })
    expect(oracle).toMatchObject({
      PROMPT: 'Answer in de; 100 % of $HOME and `ticks` and "quotes" arrive.',
      OPENAI_API_BASE_URL: 'http://host.docker.internal:8000/v1',
      WEBUI_NAME: 'Oracle',
    })
    expect(smithy).toMatchObject({ user_uid: '1000', user_gid: '1000', SMITHY__service__DISABLE_REGISTRATION: 'true' })
    expect(smithy['SMITHY__security__SECRET_KEY']).toMatch(/^\w{32}$/)
    expect(smithy['SMITHY__server__ROOT_URL']).toMatch(/^http:\/\/[^/]+:\d+\/$/)
    expect((await mustSee(host.docker, here('stack-larynx-tts'))).env).toMatchObject({ VOICE: 'onyx' })
  })

  it('find what they build, mount and read beside themselves', async () => {
    const { host, here, port } = on
    const enabled = (await host.read(here('data/kernel/enabled'))).trim().split('\n')
    const page = await fetch(`http://127.0.0.1:${port(42161)}/`)

    expect(enabled).toEqual(foreignIds.map(here).sort())
    expect(await page.json()).toEqual({ res: 'pong' })
    expect(await host.docker(['logs', here('stack-kernel-runner')])).toBe('runner 1')
    expect(JSON.parse(await host.read(here('data/paper_trail/ready.json')))).toEqual([['first']])
    await expect(host.read(here('stacklets/oracle/setup-was-run'))).rejects.toThrow('ENOENT')
  })

  it('have commands that reach into their containers and answer with what those end with', async () => {
    const { host, here } = on
    const answers = await Promise.all([
      host.stack(here('paper_trail'), 'tags', 'invoice'),
      host.stack(here('paper_trail'), 'tags', 'nothing'),
      host.stack(here('larynx'), 'hello'),
      host.stack(here('smithy'), 'org', 'family'),
      host.stack(here('letters'), 'setup', 'dee'),
    ])

    expect(answers.map(({ code, stdout, stderr }) => [code, (stdout + stderr).trim()])).toEqual([
      [0, 'tag-invoice'],
      [3, ''],
      [0, 'hello from home, ear up'],
      [0, 'family in 404'],
      [0, expect.stringContaining('✓ dee is registered')],
    ])
  })

  it('build again when their context changes, and only then', async () => {
    const { host, here } = on
    const main = here('stacklets/kernel/runner/main.sh')
    const before = await allOf(host)
    await host.write(main, (await host.read(main)).replace('runner 1', 'runner 2'))
    await host.commit('another runner')

    const run = await host.stack('reconcile', '--json')

    const kinds = run.json.steps.map((step: { kind: string }) => step.kind)
    const changed = Object.entries(await allOf(host)).filter(([name, line]) => before[name] !== line)
    expect(run.json, run.stderr).toMatchObject({ outcome: 'converged' })
    expect(kinds).toEqual(expect.arrayContaining(['build-image', 'replace']))
    expect(changed.map(([name]) => name)).toEqual([here('stack-kernel-runner')])
    expect(await host.docker(['logs', here('stack-kernel-runner')])).toBe('runner 2')
  })

  it('stop and leave with everything that their hooks need to know', async () => {
    const { host, here } = on
    const gone = ['larynx', 'timbers', 'letters'].map(here)
    const kept = foreignIds.map(here).filter((id) => !gone.includes(id))
    const declare = async (state: string) => {
      const lines = gone.map((id) => `[stacklets.${id}]\nstate = "${state}"\n`)
      await host.write('desired/desired.toml', `${desiredRunning(...kept)['desired/desired.toml']}\n${lines.join('')}`)
      await host.commit(state)
      const run = await host.stack('reconcile')
      expect(run.code, run.stdout + run.stderr).toBe(0)
    }

    await declare('stopped')
    expect(await host.read(here('data/larynx/stops'))).toBe(`${on.port(42152)} onyx\n`)
    expect(await host.read(here('data/timbers/stops'))).toBe('oak\n')
    await declare('absent')

    expect(await host.read(here('data/larynx-left'))).toBe('managed 32\n')
    expect(await runningOf(host)).toHaveLength(9)
    await expect(host.read(here('stacklets/larynx/.state/ear.pid'))).rejects.toThrow('ENOENT')
    for (const id of gone) await expect(host.read(`.stack/${id}.setup-done`)).rejects.toThrow('ENOENT')
  })
})

const settings = `language = "de"

[ai]
openai_url = "http://localhost:8000/v1"
language = "de"
default = "family/wise-7b"

[larynx]
provider = "managed"
`

const users = `[[users]]
name = "Ada Lovelace"
role = "admin"

[[users]]
id = "bob"
name = "Bob"
role = "admin"

[[users]]
name = "Cy"
role = "member"
`

async function secretsOf({ host }: ForeignHost): Promise<Readonly<Record<string, string>>> {
  const lines = (await host.read('.stack/secrets.toml')).split('\n')
  return Object.fromEntries(
    lines.flatMap((line) => [/^(\w+) = "(.*)"$/.exec(line)?.slice(1) ?? []]).filter((one) => one.length === 2),
  )
}
