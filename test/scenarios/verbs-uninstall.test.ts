import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { holdFileLock } from '../../reconciler/adapters/process/file-lock.ts'
import { uniqueName } from '../engine/ports.ts'
import { runningOf, seen } from './support/containers.ts'
import { desiredFile, given, pair } from './support/declared.ts'
import { attachSomebody } from './support/shared-network.ts'
import { webStacklet } from './support/stacklets.ts'

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
    const { base, top } = pair()
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
    await host.write(desiredFile, '[stacklets.broken\n')
    await host.commit('everything is wrong')

    const gone = await host.stack('uninstall', '--yes')

    expect(gone, gone.stderr).toMatchObject({ code: 0 })
    for (const name of [id, forgotten]) expect(await seen(host.docker, `stack-${name}`)).toBeNull()
    expect(existsSync(join(host.folder, '.stack'))).toBe(false)
  })

  it('keeps what is named, and what that requires', async () => {
    const { base, top } = pair()
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
