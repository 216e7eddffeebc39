import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { run } from '../../reconciler/adapters/process/run.ts'
import { freePort, uniqueName } from '../engine/ports.ts'
import { testEngine } from '../engine/test-engine.ts'
import { allOf, mustSee } from './support/containers.ts'
import { type Answer, commandLine, type Instance, makeInstance } from './support/instance.ts'
import { changedPaths, snapshot } from './support/snapshot.ts'
import { webStacklet } from './support/stacklets.ts'

interface Place {
  readonly folder: string
  readonly stack: (...words: string[]) => Promise<Pick<Answer, 'code' | 'stdout' | 'stderr' | 'json'>>
  readonly git: (...words: string[]) => Promise<string>
  readonly write: (path: string, text: string) => Promise<void>
  readonly read: (path: string) => Promise<string>
}

/** A folder that is nothing yet. Neither HOME nor STACK_HOST of whoever runs the tests has a say. */
async function emptyFolder(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'stackloop-init-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const { env: engine } = testEngine()
  const { STACK_DIR: _, ...rest } = engine as Record<string, string>
  const env = { ...rest, HOME: folder, NO_COLOR: '1', STACK_HOST: 'testhost' }
  return {
    folder,
    async stack(...words) {
      const ran = await run(commandLine(words), { cwd: folder, env })
      return { code: ran.exitCode, stdout: ran.stdout, stderr: ran.stderr, json: parsed(ran.stdout) }
    },
    async git(...words) {
      const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org']
      const ran = await run(['git', ...identity, ...words], { cwd: folder, env })
      if (ran.exitCode !== 0) throw new Error(ran.stderr)
      return ran.stdout.trimEnd()
    },
    async write(path, text) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    },
    read: (path) => readFile(join(folder, path), 'utf8'),
  }
}

// biome-ignore lint/suspicious/noExplicitAny: documents of the contract, looked into field by field
function parsed(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isOutsideGit(path: string): boolean {
  return path !== '.git' && !path.startsWith('.git/')
}

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777
}

const core = ['stacklets/core/docker-compose.yml', 'stacklets/core/stacklet.toml']
const files = ['.gitignore', 'desired/desired.toml', 'stack.toml', ...core, 'users.toml']

it('an empty folder becomes an instance that a first run converges', async () => {
  const place = await emptyFolder()

  const made = await place.stack('init', 'home', '--data-dir', 'home/data', '--domain', 'home.internal')

  expect(made, made.stderr).toMatchObject({ code: 0, stderr: '' })
  expect(made.stdout).toMatch(
    /Next:\n {2}cd home\n {2}stack doctor\n {2}stack plan\n {2}stack reconcile\n\nA service is a folder/,
  )
  expect((await place.git('-C', 'home', 'ls-files')).split('\n')).toEqual(expect.arrayContaining(files))
  expect(await place.git('-C', 'home', 'status', '--porcelain')).toBe('')
  expect(await place.git('-C', 'home', 'log', '--format=%an %s')).toMatch(/^\S.* stack: a new instance$/)
  expect(await place.git('-C', 'home', 'branch', '--show-current')).toBe('main')
  expect(await modeOf(join(place.folder, 'home/.stack'))).toBe(0o700)
  expect(await place.read('home/stack.toml')).toContain(`data_dir = "${place.folder}/home/data"`)
  expect(await place.read('home/stack.toml')).toContain('domain = "home.internal"')
  expect((await place.read('home/.gitignore')).split('\n')).toEqual(['.stack/', '.env', '/data/', ''])

  const inside = (...words: string[]) =>
    run(commandLine(words), { cwd: join(place.folder, 'home'), env: { ...testEngine().env, HOME: place.folder } })
  expect(await inside('validate')).toMatchObject({ exitCode: 0, stdout: 'Valid.\n' })
  // With a domain the proxy would take ports 80 and 443 of this machine.
  const settings = await place.read('home/stack.toml')
  await place.write('home/stack.toml', settings.replace('domain = "home.internal"', 'domain = ""'))
  await place.git('-C', 'home', 'commit', '--quiet', '--all', '--message', 'ports')
  const first = await inside('reconcile')
  expect(first.exitCode, first.stderr + first.stdout).toBe(0)
  expect(await inside('plan')).toMatchObject({ exitCode: 0 })
})

it('made twice is made once', async () => {
  const place = await emptyFolder()
  await place.stack('init')
  const before = await snapshot(place.folder)

  const again = await place.stack('init', '--json')

  expect(again).toMatchObject({ code: 0, json: { version: 1, written: [], revision: null, takenOver: null } })
  expect(changedPaths(before, await snapshot(place.folder)).filter(isOutsideGit)).toEqual([])
})

it('a repository that is there gets what is missing, and nothing else of it is committed', async () => {
  const place = await emptyFolder()
  await place.git('init', '--quiet', '--initial-branch', 'trunk')
  await place.write('.gitignore', 'node_modules/')
  await place.write('users.toml', '[[users]]\nname = "Ada"\n')
  await place.git('add', '.gitignore', 'users.toml')
  await place.git('commit', '--quiet', '--message', 'first')
  await place.write('staged', 'x')
  await place.git('add', 'staged')
  await place.write('unknown', 'x')

  const made = await place.stack('init', '--json')

  expect(made, made.stderr).toMatchObject({ code: 0, json: { repository: 'there' } })
  expect(made.json.written).toEqual(files.filter((path) => path !== 'users.toml'))
  expect((await place.git('show', '--format=', '--name-only', 'HEAD')).split('\n')).toEqual(made.json.written)
  expect(await place.git('status', '--porcelain', 'staged', 'unknown')).toBe('A  staged\n?? unknown')
  expect(await place.read('.gitignore')).toBe('node_modules/\n.stack/\n.env\n/stack-data/\n')
  expect(await place.read('users.toml')).toBe('[[users]]\nname = "Ada"\n')
})

it('edits that nobody committed are not touched', async () => {
  const place = await emptyFolder()
  await place.git('init', '--quiet', '--initial-branch', 'main')
  await place.write('.gitignore', 'dist/\n')
  await place.git('add', '.')
  await place.git('commit', '--quiet', '--message', 'first')
  await place.write('.gitignore', 'dist/\ncoverage/\n')
  const before = await snapshot(place.folder)

  const refused = await place.stack('init', '--json')

  expect(refused).toMatchObject({ code: 1, json: { error: { code: 'STACK_NOT_COMMITTED' } } })
  expect(refused.json.error.hint).toContain('git commit .gitignore')
  expect(changedPaths(before, await snapshot(place.folder)).filter(isOutsideGit)).toEqual([])
})

it('answers that cannot be are wrong usage, and make nothing', async () => {
  const place = await emptyFolder()

  expect(await place.stack('init', 'home', '--domain', 'http://home')).toMatchObject({ code: 64 })
  expect(await place.stack('init', 'home', '--colour')).toMatchObject({ code: 64 })
  expect(await place.stack('init', 'one', 'two')).toMatchObject({ code: 64 })
  expect(await place.git('-C', place.folder, 'ls-files', '--others').catch(() => 'no repository')).toBe('no repository')
})

interface Original {
  readonly host: Instance
  readonly up: string
  readonly down: string
  readonly port: number
}

/** A host as the original system left it: flat secrets and markers beside git, containers made by Compose without our labels. */
async function originalHost(state: '.stack' | '.famstack'): Promise<Original> {
  const [up, down, port] = [uniqueName('up'), uniqueName('down'), await freePort()]
  const manifest = '\n[env]\ngenerate = ["DB_PASSWORD"]\n[env.defaults]\nTZ = "{timezone}"\n'
  const host = await makeInstance({
    ...webStacklet({ id: up, port, manifest }),
    ...webStacklet({ id: down }),
    ...webStacklet({ id: uniqueName('never') }),
    '.gitignore': `${state}/\n.env\nstack.toml\nusers.toml\n`,
    'users.toml': '[[users]]\nname = "Ada"\nrole = "admin"\n',
    [`${state}/secrets.toml`]: `global__ADMIN_PASSWORD = "hunter2"\n${up}__DB_PASSWORD = "from before"\n`,
    [`${state}/${up}.setup-done`]: '',
    [`${state}/${down}.setup-done`]: '',
    [`stacklets/${up}/.env`]:
      'DB_PASSWORD="from before"\nPORT_BIND_IP="0.0.0.0"\nTZ="Europe/Berlin"\nWATCHTOWER_ENABLE="true"\n',
    [`stacklets/${down}/.env`]: 'TZ="UTC"\n',
  })
  await host.commit('as it was')
  await host.docker(['network', 'create', 'stack']).catch(() => {})
  for (const id of [up, down]) await compose(host, id, 'up', '--detach')
  await compose(host, down, 'stop', '--timeout', '0')
  onTestFinished(async () => {
    for (const id of [up, down]) await compose(host, id, 'down', '--timeout', '0').catch(() => {})
  })
  return { host, up, down, port }
}

function compose(host: Instance, id: string, ...words: string[]): Promise<string> {
  return host.docker(['compose', '--file', join(host.folder, `stacklets/${id}/docker-compose.yml`), ...words])
}

async function bothOf({ host, up, down }: Original): Promise<readonly string[]> {
  const both = await Promise.all([up, down].map((id) => mustSee(host.docker, `stack-${id}`)))
  return both.map(({ id, state, startedAt }) => `${id} ${state} ${startedAt}`)
}

it.each(['.famstack', '.stack'] as const)(
  'what runs under the original system with %s goes on, and is ours',
  async (state) => {
    const original = await originalHost(state)
    const { host, up, down, port } = original
    const before = await bothOf(original)

    const taken = await host.stack('init', '--json')
    expect(taken, taken.stderr).toMatchObject({ code: 0 })
    expect(taken.json.takenOver).toMatchObject([
      { id: down, state: 'stopped', problem: null, containers: [`stack-${down}`] },
      { id: up, state: 'running', problem: null, containers: [`stack-${up}`] },
    ])
    expect(taken.json.notes).toEqual([])
    expect(await modeOf(join(host.folder, '.stack/secrets.toml'))).toBe(0o600)
    expect((await host.stack('secrets', 'get', `${up}__DB_PASSWORD`)).stdout).toBe('from before\n')
    expect(await host.read('desired/desired.toml')).toContain(`[stacklets.${down}]\nstate = "stopped"`)
    expect((await host.git('ls-files')).split('\n')).toEqual(
      expect.arrayContaining(['stack.toml', 'users.toml', 'desired/desired.toml']),
    )
    expect(await host.git('ls-files')).not.toMatch(/\.env|secrets\.toml|setup-done/)

    const plan = await host.stack('plan', '--json')
    const kinds = plan.json.steps
      .filter((step: { stacklet: string }) => step.stacklet !== 'core')
      .map((step: { kind: string }) => step.kind)
    expect(plan.json.notes).toEqual([])
    expect(kinds.filter((kind: string) => kind !== 'write-env')).toEqual([])

    const first = await host.stack('reconcile')
    expect(first, first.stderr + first.stdout).toMatchObject({ code: 0 })
    expect(await bothOf(original)).toEqual(before)
    expect((await host.stack('plan')).code).toBe(0)
    expect((await host.stack('status', up, '--json')).json.stacklets).toMatchObject([
      { id: up, state: 'running', inSync: true },
    ])
    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('web 1\n')

    await host.write(
      'desired/desired.toml',
      (await host.read('desired/desired.toml')).replace(
        `[stacklets.${up}]`,
        `[stacklets.${up}]\nenv = { TZ = "Asia/Tokyo" }`,
      ),
    )
    await host.commit('another zone')
    expect(await host.stack('reconcile')).toMatchObject({ code: 0 })
    expect((await mustSee(host.docker, `stack-${up}`)).env).toMatchObject({
      TZ: 'Asia/Tokyo',
      DB_PASSWORD: 'from before',
    })
    expect(Object.keys(await allOf(host))).toEqual([`stack-${up}`])
  },
)

it('without an engine nobody knows what runs: nothing is taken over, and nothing written', async () => {
  const { host } = await originalHost('.famstack')
  const before = await snapshot(host.folder)

  const refused = await host.stackWith({ DOCKER_HOST: `unix://${host.folder}/none.sock` }, 'init', '--json')

  expect(refused).toMatchObject({ code: 1 })
  expect(refused.json.error.code).toBe('STACK_ENGINE_UNREACHABLE')
  expect(changedPaths(before, await snapshot(host.folder)).filter(isOutsideGit)).toEqual([])
})
