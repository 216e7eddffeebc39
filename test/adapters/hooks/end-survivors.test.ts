import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { StartedHook } from '../../../reconciler/model/hook.ts'
import { type HookFolder, hookFolder } from './hook-folder.ts'
import { isThere, nap } from './processes.ts'

let folder: HookFolder
beforeEach(() => {
  folder = hookFolder()
})
afterEach(() => folder.remove())

describe('what the journal needs', () => {
  it('is told before the hook begins', async () => {
    folder.write('hooks/on_start.sh', 'touch begun')
    const begun = join(folder.root, 'begun')
    const seen: boolean[] = []

    await folder.run('on_start.sh', {
      onStarted: async () => {
        await sleep(200)
        seen.push(existsSync(begun))
      },
    })

    expect(seen).toEqual([false])
    expect(existsSync(begun)).toBe(true)
  })

  it('is enough to end what survived us, and harmless when nothing did', async () => {
    folder.write('hooks/on_start.sh', `setsid ${nap(7)} >/dev/null 2>&1 &\nsleep 0.2`)
    let started: StartedHook | undefined
    await folder.run('on_start.sh', {
      onStarted: (told) => {
        started = told
      },
    })

    expect(started).toMatchObject({ pid: expect.any(Number), startedAt: expect.stringContaining('/') })
    await folder.host.endSurvivors(started!)
    await folder.host.endSurvivors(started!)

    expect(isThere(nap(7))).toBe(false)
  })

  it('is not confused with another process that has the number now', async () => {
    await folder.host.endSurvivors({ pid: process.pid, startedAt: 'another time', mark: 'none' })

    expect(readFileSync(`/proc/${process.pid}/stat`, 'utf8')).toContain(String(process.pid))
  })
})
