import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from '../../reconciler/adapters/process/run.ts'
import { uniqueName } from '../engine/ports.ts'
import { runningOf, seen } from './support/containers.ts'
import { desiredFile, given, pair } from './support/declared.ts'
import type { Instance } from './support/instance.ts'
import { attachSomebody } from './support/shared-network.ts'
import { webStacklet } from './support/stacklets.ts'

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
    expect(await host.read(desiredFile)).toContain(`[stacklets.${id}]\nstate = "absent"\n`)
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
    const { base, top } = pair()
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
