import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { endDaemon, startDaemon } from '../../../reconciler/adapters/process/daemon.ts'
import { identify, isRunning } from '../../../reconciler/adapters/process/process-identity.ts'

let folder: string
let logFile: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daemon-'))
  logFile = join(folder, 'log')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const start = (script: string) => startDaemon(['sh', '-c', script], { env: process.env, cwd: folder, logFile })

describe('a daemon', () => {
  it('writes to its log, and ends when told to', async () => {
    const daemon = await start('echo out; echo err >&2; exec sleep 60')
    await sleep(100)

    expect(await isRunning(daemon)).toBe(true)
    expect(readFileSync(logFile, 'utf8')).toBe('out\nerr\n')

    await endDaemon(daemon, 2000)
    expect(await isRunning(daemon)).toBe(false)
  })

  it('is killed when it does not listen', async () => {
    const daemon = await start('trap "" TERM; while :; do sleep 0.1; done')
    await sleep(100)

    await endDaemon(daemon, 200)

    expect(await isRunning(daemon)).toBe(false)
  })

  it('is not confused with a process that has its number later', async () => {
    const ours = await identify(process.pid)
    const impostor = { pid: process.pid, startedAt: 'another time' }

    await endDaemon(impostor, 100)

    expect(await isRunning(impostor)).toBe(false)
    expect(ours && (await isRunning(ours))).toBe(true)
  })

  it('cannot be started when its program is not there', async () => {
    const starting = startDaemon(['no-such-daemon'], { env: process.env, cwd: folder, logFile })

    await expect(starting).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
