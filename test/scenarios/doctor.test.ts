import { chmod, stat, utimes } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { run } from '../../reconciler/adapters/process/run.ts'
import { freePort, uniqueName } from '../engine/ports.ts'
import { testEngine } from '../engine/test-engine.ts'
import { documents } from './support/documents.ts'
import { type Answer, commandLine, type Instance, makeInstance } from './support/instance.ts'
import { runOnce } from './support/runs.ts'
import { changedPaths, snapshot } from './support/snapshot.ts'
import { desiredRunning, webStacklet } from './support/stacklets.ts'

interface Patient {
  readonly host: Instance
  readonly id: string
  readonly port: number
}

/** A committed instance with one stacklet, nothing run yet; leftovers of other programs' temporary folder are none of it. */
async function patient(): Promise<Patient> {
  const [id, port] = [uniqueName('web'), await freePort()]
  const manifest = '\n[env]\ngenerate = ["PASSWORD"]\n[env.defaults]\nFILES = "{data_dir}/files"\n'
  const host = await makeInstance({ ...webStacklet({ id, port, manifest }), ...desiredRunning(id), 'users.toml': '' })
  await host.git('config', 'user.name', 'Ada')
  await host.git('config', 'user.email', 'ada@home.internal')
  await host.write('data/.keep', '')
  await host.commit('first')
  return { host, id, port }
}

function doctor({ host }: Pick<Patient, 'host'>, ...words: readonly string[]): Promise<Answer> {
  return host.stackWith({ TMPDIR: join(host.folder, 'data') }, 'doctor', ...words)
}

interface Told {
  readonly name: string
  readonly level: string
  readonly message: string
  readonly hint: string | null
}

/** What it complains of. How full the disk of the tests is, is no matter of theirs. */
function complaintsOf({ json }: Answer): readonly Told[] {
  const { checks } = documents.doctor.parse(json)
  return checks.filter(({ name, level }) => level !== 'ok' && name !== 'disk')
}

const wellNames = [
  ...['node', 'programs', 'engine', 'compose', 'instance', 'files', 'repository', 'remote', 'ignored', 'state'],
  ...['records', 'run', 'edit', 'leftovers', 'markers', 'data', 'disk', 'clock', 'network', 'ports', 'containers'],
]

describe('a healthy instance', () => {
  it('is told to be well, before and after its first run, and looking changes nothing', async () => {
    const well = await patient()
    expect(complaintsOf(await doctor(well, '--json'))).toEqual([])
    await runOnce(well.host)
    const before = await snapshot(well.host.folder)

    const [text, json] = [await doctor(well), await doctor(well, '--json')]

    expect([text.code, json.code], text.stdout + text.stderr).toEqual([0, 0])
    expect(complaintsOf(json)).toEqual([])
    expect(json.json.checks.map(({ name }: Told) => name)).toEqual(wellNames)
    for (const { message } of json.json.checks) expect(text.stdout).toContain(message.replace(/\d+Z$|[\d.]+ GiB.*/, ''))
    expect(text.stderr + json.stderr).toBe('')
    expect(changedPaths(before, await snapshot(well.host.folder))).toEqual([])
  })

  it('has nothing that could be mended', async () => {
    const well = await patient()
    await runOnce(well.host)

    expect(await doctor(well, '--fix', '--json')).toMatchObject({ code: 0, json: { ok: true, mended: [] } })
  })
})

describe('what people run a doctor for', () => {
  it('an engine that is not reachable is named, and everything else is looked at', async () => {
    const { host } = await patient()
    const nowhere = { DOCKER_HOST: `unix://${host.folder}/none.sock`, TMPDIR: host.folder }

    const json = await host.stackWith(nowhere, 'doctor', '--json')
    const text = await host.stackWith(nowhere, 'doctor', '--fix', '--yes')

    expect([json.code, text.code]).toEqual([1, 1])
    expect(complaintsOf(json)).toMatchObject([{ name: 'engine', level: 'error', hint: expect.stringMatching(/start/) }])
    expect(text.stdout).toContain(`${host.folder}/none.sock`)
    expect(text.stdout).toMatch(/1 error, 0 warnings/)
  })

  it('no private engine is brought beside one that runs, nor anything fetched', async () => {
    const { host } = await patient()
    const at = `unix://${host.folder}/.local/share/stackloop/engine/run/docker.sock`

    const answer = await host.stackWith({ DOCKER_HOST: at, XDG_DATA_HOME: null }, 'doctor', '--fix')

    expect(answer.code).toBe(1)
    expect(answer.stdout).toContain(`no Docker engine answers at ${at}`)
    expect(answer.stdout).toMatch(/no private engine can help: another engine runs on this machine, as process \d+/)
    await expect(stat(join(host.folder, '.local'))).rejects.toThrow('ENOENT')
  })

  it('a desired file that cannot be read is named with its place', async () => {
    const { host } = await patient()
    await host.write('desired/desired.toml', '[stacklets.web\n')

    const answer = await doctor({ host }, '--json')

    expect(answer.code).toBe(1)
    expect(complaintsOf(answer)).toMatchObject([
      { name: 'files', level: 'error', hint: expect.stringContaining('stack validate') },
    ])
    expect(answer.json.checks).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(/^desired\/desired.toml:1:\d+: /) }),
    )
  })

  it('secrets that cannot be read are named and not shown', async () => {
    const { host } = await patient()
    await host.write('.stack/secrets.toml', 'a__B = "canary-in-a-mine\n')
    await chmod(join(host.folder, '.stack'), 0o700)
    await chmod(join(host.folder, '.stack/secrets.toml'), 0o600)

    const answer = await doctor({ host }, '--json')

    expect(complaintsOf(answer)).toMatchObject([{ name: 'files', message: expect.stringContaining('secrets.toml') }])
    expect(answer.stdout + answer.stderr).not.toContain('canary')
  })

  it('a memory that cannot be read is named', async () => {
    const { host } = await patient()
    await host.write('.stack/memory.json', '{')
    await chmod(join(host.folder, '.stack'), 0o700)

    expect(complaintsOf(await doctor({ host }, '--json'))).toMatchObject([
      { name: 'files', message: expect.stringContaining('memory.json') },
    ])
  })

  it('a port that another process holds is told with its name', async () => {
    const { host, id, port } = await patient()
    const server = createServer().listen(port, '127.0.0.1')
    onTestFinished(() => void server.close())

    const answer = await doctor({ host }, '--json')

    expect(complaintsOf(answer)).toMatchObject([{ name: 'ports', level: 'error' }])
    expect(complaintsOf(answer)[0]?.message).toMatch(
      new RegExp(`^port ${port} of ${id} is taken by .*pid ${process.pid}`),
    )
  })

  it('a port that a foreign container holds is told with its project', async () => {
    const { host, id, port } = await patient()
    const name = uniqueName('other')
    const image = testEngine().images.web
    await host.docker(['run', '--detach', '--rm', '--name', name, '--publish', `127.0.0.1:${port}:80`, image])
    onTestFinished(async () => void (await host.docker(['rm', '--force', name])))

    expect(complaintsOf(await doctor({ host }, '--json'))).toMatchObject([
      { name: 'ports', message: `port ${port} of ${id} is taken by the container ${name}` },
    ])
  })

  it('outside of an instance the machine is looked at all the same', async () => {
    const { host } = await patient()

    const { exitCode, stdout } = await run(commandLine(['doctor', '--json']), { cwd: '/', env: host.env })

    const names = JSON.parse(stdout).checks.map(({ name, level }: Told) => `${name} ${level}`)
    expect(exitCode).toBe(1)
    expect(names).toEqual(expect.arrayContaining(['engine ok', 'compose ok', 'instance error']))
  })

  it('wrong words are wrong usage', async () => {
    const { host } = await patient()

    expect(await doctor({ host }, 'web')).toMatchObject({ code: 64 })
    expect(await doctor({ host }, '--mend')).toMatchObject({ code: 64 })
    expect(await doctor({ host }, '--yes')).toMatchObject({ code: 64 })
  })
})

describe('--fix mends what is safe, says so, and finds it well afterwards', () => {
  it('what others could read', async () => {
    const { host, id } = await patient()
    await runOnce(host)
    const open = { '.stack': 0o755, '.stack/secrets.toml': 0o644, [`stacklets/${id}/.env`]: 0o664 }
    for (const [path, mode] of Object.entries(open)) await chmod(join(host.folder, path), mode)

    const before = await doctor({ host }, '--json')
    const fixed = await doctor({ host }, '--fix', '--json')

    expect(before.code).toBe(1)
    expect(complaintsOf(before)).toMatchObject([{ name: 'state', level: 'error' }])
    expect(fixed, fixed.stdout).toMatchObject({ code: 0, json: { ok: true } })
    expect(fixed.json.mended).toHaveLength(3)
    const modes = await Promise.all(
      Object.keys(open).map(async (path) => (await stat(join(host.folder, path))).mode & 0o777),
    )
    expect(modes).toEqual([0o700, 0o600, 0o600])
    expect((await host.stack('plan')).code).toBe(0)
  })

  it('what git does not ignore', async () => {
    const { host } = await patient()
    await host.write('.gitignore', '# mine\nnode_modules/\n')

    const before = await doctor({ host }, '--json')
    const fixed = await doctor({ host }, '--fix')

    expect(complaintsOf(before)).toMatchObject([{ name: 'ignored', level: 'error' }])
    expect(fixed, fixed.stdout).toMatchObject({ code: 0 })
    expect(fixed.stdout).toMatch(/mended: added .* to .gitignore; commit it: git commit .gitignore/)
    expect(await host.read('.gitignore')).toBe('# mine\nnode_modules/\n.env\n.stack/\n/data/\n')
    expect(await host.git('status', '--porcelain', '--untracked-files=all')).toBe('M .gitignore')
  })

  it('an edit that was cut short, and what killed commands left', async () => {
    const { host } = await patient()
    const before = await host.read('desired/desired.toml')
    const after = `${before}\n[stacklets.other]\n`
    await host.write('desired/desired.toml', after)
    await host.write('.stack/edit', JSON.stringify({ path: 'desired/desired.toml', before, after }))
    await host.write('.stack/staged/0b9e2c1a-1111-4222-8333-444455556666', 'PASSWORD=canary')
    await host.write('data/stackloop-Ab12Cd/values.env', 'PASSWORD=canary')
    const old = new Date(Date.now() - 3_600_000)
    const left = ['.stack/staged/0b9e2c1a-1111-4222-8333-444455556666', 'data/stackloop-Ab12Cd']
    for (const path of left) await utimes(join(host.folder, path), old, old)
    await chmod(join(host.folder, '.stack'), 0o700)

    const told = await doctor({ host }, '--json')
    const fixed = await doctor({ host }, '--fix', '--json')

    expect(complaintsOf(told).map(({ name }) => name)).toEqual(expect.arrayContaining(['edit', 'leftovers']))
    expect(complaintsOf(fixed)).toEqual([])
    expect(fixed.json.mended).toHaveLength(3)
    expect(await host.read('desired/desired.toml')).toBe(before)
    for (const path of left) await expect(stat(join(host.folder, path))).rejects.toThrow('ENOENT')
    expect(told.stdout + fixed.stdout).not.toContain('canary')
  })

  it('a data folder that nothing has used yet, and never one that is gone', async () => {
    const { host, id } = await patient()
    await host.remove('data')
    const fixed = await host.stackWith({ TMPDIR: host.folder }, 'doctor', '--fix', '--json')
    expect(fixed.json.mended).toMatchObject([{ name: 'data', done: true }])
    await runOnce(host)
    await host.remove('data')

    const gone = await host.stackWith({ TMPDIR: host.folder }, 'doctor', '--fix', '--json')

    expect(gone).toMatchObject({ code: 1, json: { mended: [] } })
    expect(complaintsOf(gone)).toMatchObject([{ name: 'data', message: expect.stringContaining(id) }])
  })
})
