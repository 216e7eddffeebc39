import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort, uniqueName } from '../engine/ports.ts'
import { testEngine } from '../engine/test-engine.ts'
import { answeringServer } from './support/answering-server.ts'
import { mustSee, runningOf, seen } from './support/containers.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { commitAndRun, runOnce, stepsOf } from './support/runs.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'
import { start } from './support/started.ts'

/** What stacklets rely on and another file shows: the words of a test's name there. */
const elsewhere = [
  ['reads-only', 'before the first run reading commands write nothing at all'],
  ['rendered', 'every directory with a stacklet.toml is listed with what its manifest says, and no other'],
  ['rendered', 'without any stacklet the list is empty'],
  ['rendered', 'settings are read anew by every command, and a missing stack.toml or users.toml is no error'],
  ['rendered', 'of the reference has its value, in port mode'],
  ['rendered', 'that is not known renders as nothing, with a warning at its line'],
  ['rendered', "a stacklet's own secret goes before the global one, and without either there is none"],
  ['places', 'names an instance in a repository of its own: the root gives the stacklets and is not written to'],
  ['places', 'may begin with ~'],
  ['bad-surroundings', 'env nope'],
  ['bad-surroundings', 'STACK_NO_INSTANCE'],
  ['bad-declarations', 'a requirement not listed'],
  ['bad-declarations', 'a requirement there is not'],
  ['states', 'running, stopped, running, absent: each is reached, keeps what it should, and stays'],
  ['states', 'running for what has no Compose file sets it up and is done'],
  ['drift', 'of time zone, default, override and secret reaches the container, each named in the plan'],
  ['leaks', 'arrives intact in the container, through env_file and through a variable'],
  ['leaks', 'in any file but .env, secrets.toml, resolved documents and good versions, and nobody else may read those'],
  ['health', '401 without being expected is not'],
  ['health', 'nobody there'],
  ['failures', 'a job that exited with 0 did its work: it is no failure and is not done again'],
  ['failures', 'an image that is not there: named, with the words of the registry, and nothing was touched'],
  ['interruptions', 'ten at once do the work once'],
  ['documents', 'has no colour and no carriage return, and nothing but itself is on stdout'],
] as const

it.each(elsewhere)('%s.test.ts shows: %s', async (file, words) => {
  expect(await readFile(join(import.meta.dirname, `${file}.test.ts`), 'utf8')).toContain(words)
})

describe('secrets', () => {
  it('are made once, 32 letters and digits or 8 for a person, and never again', async () => {
    const [id, other] = [uniqueName('web'), uniqueName('other')]
    const env = (more: string) => `[env]\ngenerate = ["ONE", "TWO"]\n${more}`
    const typed = '[env.defaults]\nADMIN = "{admin_password}"\n'
    const host = await makeInstance({
      ...webStacklet({ id, manifest: env(typed) }),
      ...webStacklet({ id: other, manifest: env('') }),
      ...desiredRunning(id),
    })
    await commitAndRun(host)
    const first = await host.read('.stack/secrets.toml')
    await host.write('desired/desired.toml', `[stacklets.${id}]\n[stacklets.${other}]\n`)

    await commitAndRun(host)

    const both = await host.read('.stack/secrets.toml')
    expect(first).toMatch(new RegExp(`^${id}__ONE = "[A-Za-z0-9]{32}"$`, 'm'))
    expect(first).toMatch(/^global__ADMIN_PASSWORD = "[a-z0-9]{8}"$/m)
    expect(both.split('\n')).toEqual(expect.arrayContaining(first.trim().split('\n')))
    expect(new Set(both.match(/"[A-Za-z0-9]{32}"/g)).size).toBe(4)
    const { env: inside } = await mustSee(host.docker, `stack-${id}`)
    expect(first).toContain(`${id}__ONE = "${inside['ONE']}"`)
    expect(first).toContain(`global__ADMIN_PASSWORD = "${inside['ADMIN']}"`)
  })

  it('lie in files that nobody else may read, whatever the umask is', async () => {
    const id = uniqueName('web')
    const host = await makeInstance({
      ...webStacklet({ id, manifest: '[env]\ngenerate = ["KEY"]\n' }),
      ...desiredRunning(id),
    })
    const umask = process.umask(0)
    onTestFinished(() => void process.umask(umask))

    await commitAndRun(host)

    const files = [
      `stacklets/${id}/.env`,
      '.stack/secrets.toml',
      `.stack/compose/${id}.yml`,
      `.stack/ledger/${id}.json`,
    ]
    const modes = await Promise.all(files.map(async (path) => (await stat(join(host.folder, path))).mode & 0o777))
    expect(modes.map((mode) => mode.toString(8))).toEqual(files.map(() => '600'))
    expect(((await stat(join(host.folder, '.stack'))).mode & 0o777).toString(8)).toBe('700')
  })
})

describe('order', () => {
  it('what requires something starts after it and stops before it', async () => {
    const [a, b, c] = [uniqueName('a'), uniqueName('b'), uniqueName('c')]
    const host = await makeInstance({
      ...webStacklet({ id: a }),
      ...webStacklet({ id: b, requires: [a] }),
      ...webStacklet({ id: c, requires: [b] }),
      ...desiredRunning(c, b, a),
    })

    const up = await commitAndRun(host)
    await host.write('desired/desired.toml', [a, b, c].map((id) => `[stacklets.${id}]\nstate = "stopped"\n`).join(''))
    const down = await commitAndRun(host)

    const starts = stepsOf(up).filter((step) => step.startsWith('start '))
    expect(starts).toEqual([`start ${a}`, `start ${b}`, `start ${c}`])
    const finished = await Promise.all([c, b, a].map((id) => finishedAt(host, id)))
    expect([...finished].sort()).toEqual(finished)
    expect(stepsOf(down)).toEqual([`stop ${c}`, `stop ${b}`, `stop ${a}`])
  })
})

describe('what is ours', () => {
  it('only our containers count: a stranger called stack-something is neither shown nor touched', async () => {
    const { docker, images } = testEngine()
    const [id, stranger] = [uniqueName('web'), uniqueName('stack-stranger')]
    await docker([
      'run',
      '--detach',
      '--name',
      stranger,
      '--label',
      'com.docker.compose.project=stack-stranger',
      images.web,
    ])
    onTestFinished(() => docker(['rm', '--force', stranger]).then(() => {}))
    const before = await mustSee(docker, stranger)
    const host = await makeInstance({ ...webStacklet({ id }), ...desiredRunning(id) })

    await commitAndRun(host)
    await host.write('desired/desired.toml', `[stacklets.${id}]\nstate = "absent"\n`)
    await commitAndRun(host)

    expect((await host.stack('status', '--json')).stdout).not.toContain(stranger)
    expect(await mustSee(docker, stranger)).toEqual(before)
  })

  it('absent removes the containers also when the marker is gone', async () => {
    const id = uniqueName('web')
    const host = await makeInstance({ ...webStacklet({ id }), ...desiredRunning(id) })
    await commitAndRun(host)
    await host.remove(`.stack/${id}.setup-done`)
    await host.write('desired/desired.toml', `[stacklets.${id}]\nstate = "absent"\n`)

    await commitAndRun(host)

    expect(await seen(host.docker, `stack-${id}`)).toBeNull()
  })

  it('a first start that failed is neither set up nor online', async () => {
    const id = uniqueName('web')
    const host = await makeInstance({
      ...webStacklet({ id, image: testEngine().images.unhealthy }),
      ...desiredRunning(id),
    })

    const run = await commitAndRun(host, 1)

    const list = (await host.stack('list', '--json')).json
    expect(run.json.ok).toBe(false)
    expect(list).toMatchObject({ name: 'testhost', online: 0, stacklets: [{ id, online: false, degraded: true }] })
    await expect(host.read(`.stack/${id}.setup-done`)).rejects.toThrow('ENOENT')
    expect((await host.stack('status', '--json')).json.stacklets[0]).toMatchObject({
      health: 'unhealthy',
      inSync: false,
      ...{ enabled: true, online: false, degraded: true },
    })
  })
})

it('a start waits until a check that fails at first answers, and says who it waited for when it never does', async () => {
  let isReady = false
  const server = await answeringServer({ '/': (_, answer) => void answer.writeHead(isReady ? 200 : 503).end() })
  onTestFinished(() => server.stop())
  const [id, port] = [uniqueName('web'), await freePort()]
  const health = (timeout: string) => `[health]\nurl = "${server.url}/"\ntimeout = "${timeout}"\n`
  const host = await makeInstance({ ...webStacklet({ id, port, manifest: health('300ms') }), ...desiredRunning(id) })
  const late = await commitAndRun(host, 1)
  expect(late.json.error.message).toMatch(new RegExp(`${id} is not healthy after .* answered 503`))

  for (const [path, text] of Object.entries(webStacklet({ id, port, manifest: health('60s') })))
    await host.write(path, text)
  await host.commit('longer')
  const run = start(host, 'reconcile')
  setTimeout(() => {
    isReady = true
  }, 2_000)
  expect(await run.ended).toBe(0)
  expect(await runningOf(host)).toEqual([`stack-${id}`])
  await runOnce(host)
})

async function finishedAt(host: Instance, id: string): Promise<string> {
  return host.docker(['container', 'inspect', '--format', '{{.State.FinishedAt}}', `stack-${id}`])
}
