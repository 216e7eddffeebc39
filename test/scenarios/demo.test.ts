import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { type Ran, run } from '../../reconciler/adapters/process/run.ts'
import { testEngine } from '../engine/test-engine.ts'

const { docker, env: engineEnv, images } = testEngine()
const main = join(import.meta.dirname, '../../dist/demo/main.js')

/** What people have in their git configuration, which must not matter. */
const hostile = '[commit]\n\tgpgSign = true\n[init]\n\tdefaultBranch = x\n[core]\n\thooksPath = /nowhere\n'

/** The built demo, for a user of its own; what it leaves is gone when the test ends. */
async function demoUser() {
  const home = await mkdtemp(join(tmpdir(), 'demo-'))
  await writeFile(join(home, '.gitconfig'), hostile)
  const env = { ...engineEnv, HOME: home, XDG_CACHE_HOME: join(home, 'cache'), STACK_DIR: '/nowhere' }
  const folder = join(home, 'cache/stackloop/demo')
  const demo = (...words: string[]): Promise<Ran> => run([process.execPath, main, ...words], { env, cwd: home })
  onTestFinished(async () => {
    await demo('--stop')
    await rm(home, { recursive: true, force: true })
  })
  return { home, env, folder, demo }
}

type DemoUser = Awaited<ReturnType<typeof demoUser>>

async function git({ folder, env }: DemoUser, ...words: string[]): Promise<string> {
  return (await run(['git', ...words], { cwd: folder, env })).stdout.trim()
}

async function page({ folder }: DemoUser): Promise<string> {
  const { port } = JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8'))
  return (await fetch(`http://127.0.0.1:${port}/`)).text()
}

/** Ids of what this demo has in the engine. */
async function made({ folder }: DemoUser): Promise<{ containers: string; networks: string }> {
  const instance = (await readFile(join(folder, '.stack/instance-id'), 'utf8')).trim()
  return owned(instance)
}

async function owned(instance: string): Promise<{ containers: string; networks: string }> {
  const filter = ['--no-trunc', '--quiet', '--filter', `label=stack.instance=${instance}`]
  return {
    containers: await docker(['ps', '--all', ...filter]),
    networks: await docker(['network', 'ls', ...filter]),
  }
}

it('shows a host that follows a commit, changes nothing the second time, and leaves nothing behind', async () => {
  const user = await demoUser()

  const first = await user.demo()
  const shown = await page(user)
  const edit = (await git(user, 'diff', '--no-color', '--unified=0', 'HEAD~1', 'HEAD')).split('\n')
  const before = { head: await git(user, 'rev-parse', 'HEAD'), made: await made(user) }
  const second = await user.demo('--yes')
  const after = { head: await git(user, 'rev-parse', 'HEAD'), made: await made(user) }
  const secret = /^hello__PAGE_KEY = "(.+)"$/m.exec(
    await readFile(join(user.folder, '.stack/secrets.toml'), 'utf8'),
  )?.[1]
  const instance = (await readFile(join(user.folder, '.stack/instance-id'), 'utf8')).trim()
  const stopped = await user.demo('--stop')

  expect(first, first.stdout + first.stderr).toMatchObject({ exitCode: 0 })
  expect(first.stdout).toContain('says: Hello from git')
  expect(first.stdout).toContain('says: Hello again, one commit later')
  expect(shown).toContain('<h1>Hello again, one commit later</h1>')
  expect(shown).toContain('was given')
  expect(edit.filter((line) => /^[-+]/.test(line))).toEqual([
    '--- a/desired/desired.toml',
    '+++ b/desired/desired.toml',
    '-GREETING = "Hello from git"',
    '+GREETING = "Hello again, one commit later"',
  ])
  expect(secret).toMatch(/^\w{32}$/)
  expect(shown + first.stdout + first.stderr + second.stdout).not.toContain(secret)
  expect(before.made.containers).toMatch(/^[0-9a-f]{64}$/)
  expect(second, second.stdout + second.stderr).toMatchObject({ exitCode: 0 })
  expect(second.stdout).toContain('Nothing to do: 2 stacklets match')
  expect(second.stdout).toContain(`Nothing had to change: still commit ${before.head.slice(0, 7)}`)
  expect(after).toEqual(before)
  expect(stopped, stopped.stdout + stopped.stderr).toMatchObject({ exitCode: 0 })
  expect(await owned(instance)).toMatchObject({ containers: '' })
  await expect(stat(user.folder)).rejects.toThrow('ENOENT')
})

it('takes another port and another name where somebody else has those of the example', async () => {
  const user = await demoUser()
  const listener = await listen(42100)
  const foreign = await docker(['create', '--name', 'stack-hello-web', images.busybox]).catch(() => null)

  const ran = await user.demo()
  listener?.close()
  if (foreign !== null) await docker(['rm', foreign])

  expect(ran, ran.stdout + ran.stderr).toMatchObject({ exitCode: 0 })
  expect(ran.stdout).toContain('Port 42100 is taken')
  expect(ran.stdout).toMatch(/A container stack-hello-web is here already: the demo's is stack-hello-\d+-web/)
  expect(await page(user)).toContain('Hello again')
})

it('puts right what was stopped by hand, and goes on with what was edited by hand', async () => {
  const user = await demoUser()
  await user.demo()
  const { containers } = await made(user)
  await docker(['rm', '--force', containers])
  const desired = join(user.folder, 'desired/desired.toml')
  await writeFile(desired, (await readFile(desired, 'utf8')).replace('Hello again, one commit later', '<By & hand>'))

  const ran = await user.demo()

  expect(ran, ran.stdout + ran.stderr).toMatchObject({ exitCode: 0 })
  expect(ran.stdout).toContain('Committed what was edited in the copy.')
  expect(ran.stdout).toContain('says: <By & hand>')
  expect(await page(user)).toContain('<h1>&lt;By &amp; hand&gt;</h1>')
})

it('says what is wrong and what to do, and changes nothing', async () => {
  const user = await demoUser()
  const nobody = { ...user.env, DOCKER_HOST: `unix://${user.home}/nobody.sock` }

  const unknown = await user.demo('--yess')
  const silent = await run([process.execPath, main, '--yes'], { env: nobody })
  const nothing = await user.demo('--stop')

  expect(unknown).toMatchObject({ exitCode: 64, stdout: '' })
  expect(unknown.stderr).toContain("Unknown option '--yess'")
  expect(silent).toMatchObject({ exitCode: 1 })
  expect(silent.stderr).toMatch(/no Docker engine answers at unix:.*\n {2}start it; or unset DOCKER_HOST/)
  expect(nothing).toMatchObject({ exitCode: 0, stdout: 'Nothing of the demo is here.\n' })
  await expect(stat(user.folder)).rejects.toThrow('ENOENT')
})

/** Null where the port is taken already, which is as good. */
function listen(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen(port, '0.0.0.0', () => resolve(server))
  })
}
