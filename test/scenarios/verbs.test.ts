import { existsSync, readdirSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { holdFileLock } from '../../reconciler/adapters/process/file-lock.ts'
import { run } from '../../reconciler/adapters/process/run.ts'
import { freePort, uniqueName } from '../engine/ports.ts'
import { mustSee, runningOf, seen } from './support/containers.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { attachSomebody } from './support/shared-network.ts'
import { webStacklet } from './support/stacklets.ts'

const desired = 'desired/desired.toml'

/** An instance with these stacklets, none declared unless the text says so, committed. */
async function given(
  stacklets: readonly Readonly<Record<string, string>>[],
  text = '# nothing yet\n',
): Promise<Instance> {
  const host = await makeInstance({ ...Object.assign({}, ...stacklets), [desired]: text })
  await host.commit('first')
  return host
}

const names = () => {
  const base = uniqueName('base')
  return { base, top: `${base}-top` }
}

describe('stack up', () => {
  it('declares a stacklet and what it requires, commits that file alone, and starts them', async () => {
    const { base, top } = names()
    const port = await freePort()
    const hints = 'hints = ["open {url}", "password {admin_password}"]\nlogin_field = "email"\n'
    const host = await given([
      webStacklet({ id: base }),
      webStacklet({ id: top, port, requires: [base], manifest: hints }),
    ])
    await host.write('users.toml', '[[users]]\nname = "Ada"\nemail = "ada@example.org"\nrole = "admin"\n')
    await host.commit('people')
    await host.write('stray.txt', 'mine')
    await host.git('add', 'stray.txt')

    const up = await host.stack('up', top)

    expect(up, up.stderr).toMatchObject({ code: 0 })
    expect(await runningOf(host)).toEqual([`stack-${base}`, `stack-${top}`])
    expect(await host.read(desired)).toBe(
      `# nothing yet\n\n[stacklets.${base}]\nstate = "running"\n\n[stacklets.${top}]\nstate = "running"\n`,
    )
    expect(await host.git('log', '-1', '--format=%s', '--name-only')).toBe(`stack up ${top}\n\n${desired}`)
    expect(await host.git('status', '--porcelain')).toBe('A  stray.txt')
    expect(up.stdout).toContain(`${top} is running at http://`)
    expect(up.stdout).toContain(`:${port}`)
    expect(up.stdout).toContain('email: ada@example.org')
    expect(up.stdout).toContain('password ***')
    expect(up.stderr).toContain(`start ${top}`)
    expect(up.stdout + up.stderr).not.toContain('\r')
  })

  it('starts what was stopped by hand, and is quiet when all is well', async () => {
    const id = uniqueName('web')
    const host = await given([webStacklet({ id })], `[reconcile]\nself_heal = false\n\n[stacklets.${id}]\n`)
    await host.stack('up', id)
    await host.docker(['stop', `stack-${id}`])

    const again = await host.stack('up', id)
    const idle = await host.stack('up', '--json')

    expect(again, again.stderr).toMatchObject({ code: 0 })
    expect(await runningOf(host)).toEqual([`stack-${id}`])
    expect(idle.json).toMatchObject({ outcome: 'converged', steps: [], rounds: 0 })
    expect(await host.git('rev-list', '--count', 'HEAD')).toBe('1')
  })

  it('converges what it is about and nothing else', async () => {
    const [one, other] = [uniqueName('one'), uniqueName('other')]
    const host = await given(
      [webStacklet({ id: one }), webStacklet({ id: other })],
      `[stacklets.${one}]\n\n[stacklets.${other}]\n`,
    )

    const up = await host.stack('up', one)
    const status = await host.stack('status', '--json')

    expect(up, up.stderr).toMatchObject({ code: 0 })
    expect(await runningOf(host)).toEqual([`stack-${one}`])
    expect(status.json.condition).toMatchObject({ ready: false, message: expect.stringContaining(other) })
  })

  it('without ids is for everything that is declared', async () => {
    const [one, other, third] = [uniqueName('one'), uniqueName('other'), uniqueName('third')]
    const host = await given(
      [one, other, third].map((id) => webStacklet({ id })),
      `[stacklets.${one}]\nstate = "stopped" # for now\n\n[stacklets.${other}]\n`,
    )

    const up = await host.stack('up')

    expect(up, up.stderr).toMatchObject({ code: 0 })
    expect(await runningOf(host)).toEqual([`stack-${one}`, `stack-${other}`])
    expect(await host.read(desired)).toContain('state = "running" # for now\n')
  })

  it('refuses unknown ids, and what is not committed, before anything is touched', async () => {
    const id = uniqueName('photos')
    const host = await given([webStacklet({ id })])
    await host.write('stacklets/fresh/stacklet.toml', 'id = "fresh"\n')

    const mistyped = await host.stack('up', id, `${id}s`)
    const uncommitted = await host.stack('up', 'fresh', '--json')

    expect(mistyped).toMatchObject({ code: 1 })
    expect(mistyped.stderr).toContain(`did you mean ${id}?`)
    expect(uncommitted).toMatchObject({ code: 1, json: { error: { code: 'STACK_NOT_COMMITTED' } } })
    expect(uncommitted.json.error.hint).toContain('git add stacklets/fresh')
    expect(await host.git('rev-list', '--count', 'HEAD')).toBe('1')
    expect(existsSync(join(host.folder, '.stack/instance-id'))).toBe(false)
  })

  it('refuses to edit a file with edits, and one that is no TOML', async () => {
    const id = uniqueName('web')
    const host = await given([webStacklet({ id })])
    await host.write(desired, '# my own edit\n')

    const dirty = await host.stack('up', id, '--json')
    await host.write(desired, '[stacklets.broken\n')
    await host.commit('broken')
    const broken = await host.stack('up', id, '--json')

    expect(dirty.json.error).toMatchObject({ code: 'STACK_NOT_COMMITTED', at: desired })
    expect(broken.json.error).toMatchObject({ code: 'STACK_INVALID', at: `${desired}:1:18` })
    expect(await host.read(desired)).toBe('[stacklets.broken\n')
  })

  it('edits the file of this host where there is one', async () => {
    const id = uniqueName('web')
    const host = await given([{ ...webStacklet({ id }), 'desired/testhost.toml': '# this host\n' }])

    const up = await host.stack('up', id)

    expect(up, up.stderr).toMatchObject({ code: 0 })
    expect(await host.read('desired/testhost.toml')).toBe(`# this host\n\n[stacklets.${id}]\nstate = "running"\n`)
    expect(await host.read(desired)).toBe('# nothing yet\n')
  })

  it('with --no-commit edits and does nothing else', async () => {
    const id = uniqueName('web')
    const host = await given([webStacklet({ id })])

    const edited = await host.stack('up', id, '--no-commit', '--json')
    const again = await host.stack('up', id, '--no-commit')

    expect(edited).toMatchObject({ code: 0, json: { outcome: 'waiting', run: null, steps: [] } })
    expect(again.stdout).toContain('says so already')
    expect(await host.read(desired)).toContain(`[stacklets.${id}]`)
    expect(await host.git('status', '--porcelain')).toBe(`M ${desired}`)
    expect(await seen(host.docker, `stack-${id}`)).toBeNull()
  })

  it('says what failed, and shows nobody the way to what is not up', async () => {
    const id = uniqueName('web')
    const host = await given([webStacklet({ id, image: 'stackloop-test/exits:1' })])

    const up = await host.stack('up', id)

    expect(up).toMatchObject({ code: 1 })
    expect(up.stderr).toContain('giving up')
    expect(up.stdout).not.toContain('is running')
  })
})

describe('stack down', () => {
  it('declares a stacklet stopped, and every comment stays', async () => {
    const { base, top } = names()
    const text = `# top of the file   \n\n[stacklets.${base}] # the base\n\n\n[stacklets.${top}]\n  # why\nrequires = []   # none more\n`
    const host = await given([webStacklet({ id: base }), webStacklet({ id: top, requires: [base] })], text)
    await host.stack('up')

    const refused = await host.stack('down', base, '--json')
    const down = await host.stack('down', top)

    expect(refused).toMatchObject({ code: 1, json: { error: { code: 'STACK_REFUSED' } } })
    expect(refused.json.error.hint).toContain(`stack down ${top} ${base}`)
    expect(down, down.stderr).toMatchObject({ code: 0 })
    expect(down.stdout).toContain(`${top} is stopped.`)
    expect(await host.read(desired)).toBe(text.replace('  # why', 'state = "stopped"\n  # why'))
    expect(await runningOf(host)).toEqual([`stack-${base}`])
    expect(await mustSee(host.docker, `stack-${top}`)).toMatchObject({ state: 'exited' })
  })

  it('all stops everything, dependents first, and what has been stopped comes up again', async () => {
    const { base, top } = names()
    const host = await given([webStacklet({ id: base }), webStacklet({ id: top, requires: [base] })])
    await host.stack('up', top)

    const down = await host.stack('down', 'all', '--json')
    const idle = await host.stack('down', 'all')
    const refused = await host.stack('up', top)
    const up = await host.stack('up', base, top)

    expect(down.json.steps.map((step: { id: string }) => step.id)).toEqual([`stop ${top}`, `stop ${base}`])
    expect(idle).toMatchObject({ code: 0, stdout: 'Nothing was running.\n' })
    expect(refused).toMatchObject({ code: 1 })
    expect(refused.stderr).toContain(`stack up ${base} ${top}`)
    expect(up, up.stderr).toMatchObject({ code: 0 })
    expect(await runningOf(host)).toEqual([`stack-${base}`, `stack-${top}`])
  })
})

describe('stack pause', () => {
  it('freezes what runs, and unpause lets it go on in the same container', async () => {
    const id = uniqueName('web')
    const host = await given([webStacklet({ id })])
    await host.stack('up', id)
    const before = await mustSee(host.docker, `stack-${id}`)

    const paused = await host.stack('pause', id)
    const frozen = await mustSee(host.docker, `stack-${id}`)
    const refused = await host.stack('restart', id)
    const unpaused = await host.stack('unpause', id, '--json')
    const after = await mustSee(host.docker, `stack-${id}`)

    expect(paused, paused.stderr).toMatchObject({ code: 0 })
    expect(frozen).toMatchObject({ id: before.id, state: 'paused' })
    expect(refused).toMatchObject({ code: 1 })
    expect(unpaused.json).toMatchObject({ outcome: 'converged' })
    expect(after).toMatchObject({ id: before.id, state: 'running', startedAt: before.startedAt })
  })

  it('refuses what does not run', async () => {
    const id = uniqueName('web')
    const host = await given([webStacklet({ id })])

    expect((await host.stack('pause', id, '--json')).json.error.code).toBe('STACK_REFUSED')
  })
})

describe('stack restart', () => {
  it('stops and starts the same containers, and commits nothing', async () => {
    const { base, top } = names()
    const host = await given([webStacklet({ id: base }), webStacklet({ id: top, requires: [base] })])
    await host.stack('up', top)
    const before = [await mustSee(host.docker, `stack-${base}`), await mustSee(host.docker, `stack-${top}`)]
    const head = await host.git('rev-parse', 'HEAD')

    const restarted = await host.stack('restart', base, top, '--json')

    const after = [await mustSee(host.docker, `stack-${base}`), await mustSee(host.docker, `stack-${top}`)]
    expect(restarted, restarted.stderr).toMatchObject({ code: 0 })
    expect(restarted.json.steps.slice(0, 2)).toMatchObject([{ id: `stop ${top}` }, { id: `stop ${base}` }])
    expect(after.map((one) => one.id)).toEqual(before.map((one) => one.id))
    for (const [index, one] of after.entries()) expect(one.startedAt).not.toBe(before[index]?.startedAt)
    expect(await host.git('rev-parse', 'HEAD')).toBe(head)
  })

  it('brings back what had crashed', async () => {
    const id = uniqueName('web')
    const host = await given([webStacklet({ id })])
    await host.stack('up', id)
    await host.docker(['stop', `stack-${id}`])

    const restarted = await host.stack('restart', id)

    expect(restarted, restarted.stderr).toMatchObject({ code: 0 })
    expect(await runningOf(host)).toEqual([`stack-${id}`])
  })
})

describe('stack setup', () => {
  const hook = (id: string, text: string) => ({
    [`stacklets/${id}/hooks/on_install_success.sh`]: `#!/bin/sh\n${text}\n`,
  })

  it('runs on_install_success once more, and says so where there is none', async () => {
    const [id, plain] = [uniqueName('web'), uniqueName('plain')]
    const host = await given([
      { ...webStacklet({ id }), ...hook(id, 'mkdir -p "$STACK_DATA_DIR" && echo ran >> "$STACK_DATA_DIR/setups"') },
      webStacklet({ id: plain }),
    ])
    await host.stack('up', id, plain)

    const again = await host.stack('setup', id)
    const none = await host.stack('setup', plain)

    expect(again, again.stderr).toMatchObject({ code: 0 })
    expect(await host.read('data/setups')).toBe('ran\nran\n')
    expect(none).toMatchObject({ code: 1 })
    expect(none.stderr).toContain('no on_install_success')
  })
})

describe('stack destroy', () => {
  const secretly = '[env]\ngenerate = ["DB_PASSWORD"]\n'
  const withData = async (host: Instance, id: string) => host.write(`data/${id}/file`, 'precious')
  const trash = (host: Instance) =>
    existsSync(join(host.folder, 'data/.trash')) ? readdirSync(join(host.folder, 'data/.trash')) : []

  it('moves data to the trash and keeps secrets; the next up is a first one', async () => {
    const id = uniqueName('web')
    const host = await given([webStacklet({ id, manifest: secretly })])
    await host.stack('up', id)
    await withData(host, id)
    const secrets = await host.read('.stack/secrets.toml')

    const destroyed = await host.stack('destroy', id)

    expect(destroyed, destroyed.stderr).toMatchObject({ code: 0 })
    expect(destroyed.stdout).toContain(`${id} is destroyed.`)
    expect(await seen(host.docker, `stack-${id}`)).toBeNull()
    expect(await host.read(desired)).toContain(`[stacklets.${id}]\nstate = "absent"\n`)
    expect(existsSync(join(host.folder, `data/${id}`))).toBe(false)
    expect(trash(host)).toEqual([expect.stringMatching(new RegExp(`^${id}-\\d{8}T`))])
    expect(await host.read('.stack/secrets.toml')).toBe(secrets)
    for (const gone of [`stacklets/${id}/.env`, `.stack/${id}.setup-done`]) {
      expect(existsSync(join(host.folder, gone))).toBe(false)
    }
    const up = await host.stack('up', id, '--json')
    expect(up.json.steps.map((step: { kind: string }) => step.kind)).toContain('finish-setup')
  })

  it('refuses what others require, and what is always on', async () => {
    const { base, top } = names()
    const always = uniqueName('always')
    const host = await given([
      webStacklet({ id: base }),
      webStacklet({ id: top, requires: [base] }),
      webStacklet({ id: always, manifest: 'always_on = true\n' }),
    ])
    await host.stack('up', top, always)

    const required = await host.stack('destroy', base, '--yes')
    const alwaysOn = await host.stack('destroy', always, '--yes')
    const both = await host.stack('destroy', base, top, '--yes')

    expect(required).toMatchObject({ code: 1 })
    expect(required.stderr).toContain(`${top} requires it`)
    expect(alwaysOn).toMatchObject({ code: 1 })
    expect(alwaysOn.stderr).toContain('always_on')
    expect(both, both.stderr).toMatchObject({ code: 0 })
    expect(await runningOf(host)).toEqual([`stack-${always}`])
  })

  it('may take more than max_removals when they are named', async () => {
    const ids = Array.from({ length: 3 }, () => uniqueName('web'))
    const host = await given(
      ids.map((id) => webStacklet({ id })),
      `[reconcile]\nmax_removals = 1\n`,
    )
    await host.stack('up', ...ids)

    const destroyed = await host.stack('destroy', ...ids)

    expect(destroyed, destroyed.stderr).toMatchObject({ code: 0 })
    expect(await runningOf(host)).toEqual([])
  })

  it('--purge waits for consent, then deletes data, volumes and secrets for good', async () => {
    const [id, other] = [uniqueName('web'), uniqueName('other')]
    const volume = '    volumes: [kept:/kept]\nvolumes:\n  kept:\n'
    const host = await given([
      webStacklet({ id, manifest: secretly, service: volume }),
      webStacklet({ id: other, manifest: secretly }),
    ])
    await host.stack('up', id, other)
    await withData(host, id)

    const held = await host.stack('destroy', id, '--purge', '--json')
    const stillThere = [await runningOf(host), existsSync(join(host.folder, `data/${id}/file`))]
    const purged = await host.stack('destroy', id, '--purge', '--yes')

    expect(held).toMatchObject({ code: 2, json: { outcome: 'held', steps: [] } })
    expect(stillThere).toEqual([[`stack-${other}`, `stack-${id}`].sort(), true])
    expect(purged, purged.stderr).toMatchObject({ code: 0 })
    expect(await runningOf(host)).toEqual([`stack-${other}`])
    expect(existsSync(join(host.folder, `data/${id}`))).toBe(false)
    expect(trash(host)).toEqual([])
    expect(
      await host.docker(['volume', 'ls', '--quiet', '--filter', `label=com.docker.compose.project=stack-${id}`]),
    ).toBe('')
    expect(await host.read('.stack/secrets.toml')).not.toContain(`${id}__`)
    expect(await host.read('.stack/secrets.toml')).toContain(`${other}__DB_PASSWORD`)
  })
})

describe('at a terminal', () => {
  /** Runs it on a terminal of its own, types these lines, and answers what was on the screen and the exit code. */
  async function typed(host: Instance, lines: string, ...words: string[]) {
    const main = join(import.meta.dirname, '../../dist/cli/main.js')
    const command = [process.execPath, main, ...words].join(' ')
    const argv = ['script', '--quiet', '--return', '--command', command, '/dev/null']
    const ran = await run(argv, { cwd: host.folder, env: { ...host.env, CI: '' }, input: lines })
    return { code: ran.exitCode, screen: ran.stdout }
  }

  it('destroy is done when its word is typed, and not otherwise', async () => {
    const id = uniqueName('web')
    const host = await given([webStacklet({ id })])
    await host.stack('up', id)

    const declined = await typed(host, 'yes\n', 'destroy', id)
    const stillUp = await runningOf(host)
    const done = await typed(host, 'destroy\n', 'destroy', id)

    expect(declined.screen).toContain('Type destroy to go on')
    expect(declined).toMatchObject({ code: 0, screen: expect.stringContaining('Nothing was changed.') })
    expect(stillUp).toEqual([`stack-${id}`])
    expect(done, done.screen).toMatchObject({ code: 0, screen: expect.stringContaining('is destroyed.') })
    expect(await runningOf(host)).toEqual([])
  })

  it('uninstall asks separately before it deletes data', async () => {
    const id = uniqueName('web')
    const host = await given([webStacklet({ id })])
    await host.stack('up', id)
    await host.write(`data/${id}/file`, 'precious')
    await attachSomebody(host)

    const gone = await typed(host, 'uninstall\nno\n', 'uninstall')

    expect(gone, gone.screen).toMatchObject({ code: 0, screen: expect.stringContaining('Type delete to go on') })
    expect(readdirSync(join(host.folder, 'data/.trash'))).toHaveLength(1)
    expect(existsSync(join(host.folder, '.stack'))).toBe(false)
  })
})

describe('stack uninstall', () => {
  it('needs consent, and is refused while a run is under way', async () => {
    const id = uniqueName('web')
    const host = await given([webStacklet({ id })])
    await host.stack('up', id)

    const held = await host.stack('uninstall', '--json')
    const lock = await holdFileLock({ path: join(host.folder, '.stack/lock'), wait: 'no' })
    const locked = await host.stack('uninstall', '--yes', '--json')
    if ('release' in lock) await lock.release()

    expect(held).toMatchObject({ code: 2, json: { outcome: 'held' } })
    expect(locked).toMatchObject({ code: 1, json: { error: { code: 'STACK_LOCKED' } } })
    expect(await runningOf(host)).toEqual([`stack-${id}`])
  })

  it('leaves what git tracks, the trash, and the secrets that open it', async () => {
    const { base, top } = names()
    const always = uniqueName('always')
    const host = await given([
      webStacklet({ id: base, manifest: '[env]\ngenerate = ["DB_PASSWORD"]\n' }),
      webStacklet({ id: top, requires: [base] }),
      webStacklet({ id: always, manifest: 'always_on = true\n' }),
    ])
    await host.stack('up', top, always)
    await host.write(`data/${base}/file`, 'precious')
    await attachSomebody(host)
    const before = await host.git('rev-parse', 'HEAD')

    const gone = await host.stack('uninstall', '--yes')

    expect(gone, gone.stderr).toMatchObject({ code: 0 })
    for (const id of [base, top, always]) expect(await seen(host.docker, `stack-${id}`)).toBeNull()
    expect(existsSync(join(host.folder, '.stack'))).toBe(false)
    expect(readdirSync(join(host.folder, 'data/.trash')).sort()).toEqual([
      expect.stringMatching(new RegExp(`^${base}-`)),
      expect.stringMatching(/^secrets-/),
    ])
    expect(await host.git('rev-parse', 'HEAD')).toBe(before)
    expect(await host.git('status', '--porcelain', '--ignored')).toBe('!! data/')
    expect(await host.docker(['network', 'ls', '--quiet', '--filter', 'name=^stack$'])).not.toBe('')
  })

  it('takes what is broken, and what git has forgotten', async () => {
    const [id, forgotten] = [uniqueName('web'), uniqueName('forgotten')]
    const host = await given([webStacklet({ id }), webStacklet({ id: forgotten })])
    await host.stack('up', id, forgotten)
    await attachSomebody(host)
    await host.remove(`stacklets/${forgotten}`)
    await host.write(`stacklets/${id}/stacklet.toml`, 'id = ')
    await host.write(desired, '[stacklets.broken\n')
    await host.commit('everything is wrong')

    const gone = await host.stack('uninstall', '--yes')

    expect(gone, gone.stderr).toMatchObject({ code: 0 })
    for (const name of [id, forgotten]) expect(await seen(host.docker, `stack-${name}`)).toBeNull()
    expect(existsSync(join(host.folder, '.stack'))).toBe(false)
  })

  it('keeps what is named, and what that requires', async () => {
    const { base, top } = names()
    const other = uniqueName('other')
    const host = await given([
      webStacklet({ id: base }),
      webStacklet({ id: top, requires: [base] }),
      webStacklet({ id: other }),
    ])
    await host.stack('up', top, other)
    await host.write(`data/${top}/file`, 'precious')

    const gone = await host.stack('uninstall', '--yes', '--purge', '--not', top)

    expect(gone, gone.stderr).toMatchObject({ code: 0 })
    expect(await runningOf(host)).toEqual([`stack-${base}`, `stack-${top}`])
    expect(existsSync(join(host.folder, `.stack/${top}.setup-done`))).toBe(true)
    expect(existsSync(join(host.folder, `.stack/${other}.setup-done`))).toBe(false)
    expect(await host.read(`data/${top}/file`)).toBe('precious')
    expect(await host.stack('plan', '--ref', 'HEAD', top)).toMatchObject({ code: 0 })
  })
})

describe('a remote', () => {
  it('gets the commit, and what it refuses is a note and stays here', async () => {
    const [id, other] = [uniqueName('web'), uniqueName('other')]
    const host = await given([webStacklet({ id }), webStacklet({ id: other })])
    await host.git('init', '--quiet', '--bare', '--initial-branch', 'main', 'remote.git')
    await host.write('.git/info/exclude', 'remote.git/\n')
    await host.git('remote', 'add', 'origin', join(host.folder, 'remote.git'))

    const up = await host.stack('up', id)
    const pushed = await host.git('--git-dir', 'remote.git', 'rev-parse', 'main')
    await host.write('remote.git/hooks/pre-receive', '#!/bin/sh\necho no more today >&2\nexit 1\n')
    await chmod(join(host.folder, 'remote.git/hooks/pre-receive'), 0o755)
    const refused = await host.stack('up', other, '--json')

    expect(up, up.stderr).toMatchObject({ code: 0 })
    expect(pushed).toBe(await host.git('rev-parse', 'HEAD~1'))
    expect(refused).toMatchObject({ code: 0, json: { outcome: 'converged' } })
    expect(refused.json.notes).toMatchObject([{ kind: 'warning', message: expect.stringContaining('not pushed') }])
    expect(await runningOf(host)).toEqual([`stack-${id}`, `stack-${other}`].sort())
  })

  it('brings stacklets that were committed elsewhere, which can be named at once', async () => {
    const [id, fresh] = [uniqueName('web'), uniqueName('fresh')]
    const host = await given([webStacklet({ id })])
    await host.git('init', '--quiet', '--bare', '--initial-branch', 'main', 'remote.git')
    await host.write('.git/info/exclude', 'remote.git/\n')
    await host.git('remote', 'add', 'origin', join(host.folder, 'remote.git'))
    await host.git('push', '--quiet', 'origin', 'main')
    const elsewhere = { ...webStacklet({ id: fresh }), [desired]: `[stacklets.${fresh}]\n` }
    for (const [path, text] of Object.entries(elsewhere)) await host.write(path, text)
    await host.commit('from elsewhere')
    await host.git('push', '--quiet', 'origin', 'main')
    await host.git('reset', '--hard', '--quiet', 'HEAD~1')

    const up = await host.stack('up', id)

    expect(up, up.stderr).toMatchObject({ code: 0 })
    expect(await host.read(desired)).toBe(`[stacklets.${fresh}]\n\n[stacklets.${id}]\nstate = "running"\n`)
  })
})

describe('thirty at once', () => {
  it('lose no edit and no secret, start everything, and say for whom they wait', async () => {
    const ids = Array.from({ length: 30 }, () => uniqueName('many'))
    const host = await given(ids.map((id) => webStacklet({ id, manifest: '[env]\ngenerate = ["KEY"]\n' })))

    const answers = await Promise.all(ids.map((id) => host.stack('up', id)))

    for (const answer of answers) expect(answer, answer.stderr).toMatchObject({ code: 0 })
    expect(await runningOf(host)).toEqual(ids.map((id) => `stack-${id}`).sort())
    expect(await host.git('rev-list', '--count', 'HEAD')).toBe('31')
    expect(await host.git('status', '--porcelain')).toBe('')
    const secrets = await host.read('.stack/secrets.toml')
    for (const id of ids) expect(secrets).toMatch(new RegExp(`^${id}__KEY = "\\w{32}"$`, 'm'))
    const waits = answers.filter(({ stderr }) => /^waiting: .*pid \d+/m.test(stderr))
    expect(waits.length).toBeGreaterThan(20)
  }, 300_000)
})
