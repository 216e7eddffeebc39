import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { systemdTold } from '../../cli/systemd.ts'
import type { RunReport } from '../../reconciler/index.ts'

const converged = { revision: '94829ca5a1572049c897688e21d28c2b6558fe5c', outcome: { kind: 'converged' } }
const waiting = { ...converged, outcome: { kind: 'waiting', notes: [] } }

let folder: string

/** What systemd's own program would be called with, one line a call. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'systemd-'))
  const program = join(folder, 'systemd-notify')
  await writeFile(program, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${folder}/calls\n`)
  await chmod(program, 0o755)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const calls = async () => (await readFile(join(folder, 'calls'), 'utf8').catch(() => '')).trim().split('\n')
const tell = (env: Readonly<Record<string, string>>) => {
  const told = systemdTold({ PATH: `${folder}:/usr/bin:/bin`, ...env })
  return (report: object | null) => told(report as RunReport | null)
}

it('hears once that we are ready, and how the last run ended when that is news', async () => {
  const told = tell({ NOTIFY_SOCKET: '/run/notify' })
  const ready = '/run/notify --ready --status=everything is as declared at 94829ca'

  told(converged)
  await vi.waitFor(async () => expect(await calls()).toEqual([ready]))
  told(converged)
  told(waiting)

  const news = '/run/notify --status=waiting at 94829ca: stack status says why'
  await vi.waitFor(async () => expect(await calls()).toEqual([ready, news]))
})

it('is ready when the first run could not begin, and says so', async () => {
  tell({ NOTIFY_SOCKET: '/run/notify' })(null)

  const words = '/run/notify --ready --status=no run could begin: see the log'
  await vi.waitFor(async () => expect(await calls()).toEqual([words]))
})

it('is told nothing where nobody asks', async () => {
  tell({})(converged)
  tell({ NOTIFY_SOCKET: '/run/other' })(converged)

  const words = '/run/other --ready --status=everything is as declared at 94829ca'
  await vi.waitFor(async () => expect(await calls()).toEqual([words]))
})
