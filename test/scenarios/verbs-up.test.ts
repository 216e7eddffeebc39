import { existsSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freePort, uniqueName } from '../engine/ports.ts'
import { runningOf, seen } from './support/containers.ts'
import { desiredFile, given, pair } from './support/declared.ts'
import { webStacklet } from './support/stacklets.ts'

describe('stack up', () => {
  it('declares a stacklet and what it requires, commits that file alone, and starts them', async () => {
    const { base, top } = pair()
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
    expect(await host.read(desiredFile)).toBe(
      `# nothing yet\n\n[stacklets.${base}]\nstate = "running"\n\n[stacklets.${top}]\nstate = "running"\n`,
    )
    expect(await host.git('log', '-1', '--format=%s', '--name-only')).toBe(`stack up ${top}\n\n${desiredFile}`)
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
    expect(await host.read(desiredFile)).toContain('state = "running" # for now\n')
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
    await host.write(desiredFile, '# my own edit\n')

    const dirty = await host.stack('up', id, '--json')
    await host.write(desiredFile, '[stacklets.broken\n')
    await host.commit('broken')
    const broken = await host.stack('up', id, '--json')

    expect(dirty.json.error).toMatchObject({ code: 'STACK_NOT_COMMITTED', at: desiredFile })
    expect(broken.json.error).toMatchObject({ code: 'STACK_INVALID', at: `${desiredFile}:1:18` })
    expect(await host.read(desiredFile)).toBe('[stacklets.broken\n')
  })

  it('edits the file of this host where there is one', async () => {
    const id = uniqueName('web')
    const host = await given([{ ...webStacklet({ id }), 'desired/testhost.toml': '# this host\n' }])

    const up = await host.stack('up', id)

    expect(up, up.stderr).toMatchObject({ code: 0 })
    expect(await host.read('desired/testhost.toml')).toBe(`# this host\n\n[stacklets.${id}]\nstate = "running"\n`)
    expect(await host.read(desiredFile)).toBe('# nothing yet\n')
  })

  it('with --no-commit edits and does nothing else', async () => {
    const id = uniqueName('web')
    const host = await given([webStacklet({ id })])

    const edited = await host.stack('up', id, '--no-commit', '--json')
    const again = await host.stack('up', id, '--no-commit')

    expect(edited).toMatchObject({ code: 0, json: { outcome: 'waiting', run: null, steps: [] } })
    expect(again.stdout).toContain('says so already')
    expect(await host.read(desiredFile)).toContain(`[stacklets.${id}]`)
    expect(await host.git('status', '--porcelain')).toBe(`M ${desiredFile}`)
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
    const elsewhere = { ...webStacklet({ id: fresh }), [desiredFile]: `[stacklets.${fresh}]\n` }
    for (const [path, text] of Object.entries(elsewhere)) await host.write(path, text)
    await host.commit('from elsewhere')
    await host.git('push', '--quiet', 'origin', 'main')
    await host.git('reset', '--hard', '--quiet', 'HEAD~1')

    const up = await host.stack('up', id)

    expect(up, up.stderr).toMatchObject({ code: 0 })
    expect(await host.read(desiredFile)).toBe(`[stacklets.${fresh}]\n\n[stacklets.${id}]\nstate = "running"\n`)
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
  })
})
