import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { type FileLock, type HeldElsewhere, holdFileLock } from '../../../reconciler/adapters/process/file-lock.ts'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-lock-'))
  path = join(folder, 'lock')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function held(answer: FileLock | HeldElsewhere): FileLock {
  if ('heldBy' in answer) throw new Error(`held by ${answer.heldBy}`)
  return answer
}

/** A process of its own that takes the lock, says so, and does with it what the mode says. */
function contender(mode: 'count' | 'sit'): ChildProcess {
  const program = fileURLToPath(new URL('./lock-contender.ts', import.meta.url))
  const tsx = import.meta.resolve('tsx')
  return spawn(process.execPath, ['--import', tsx, program, path, mode], { stdio: ['pipe', 'pipe', 'inherit'] })
}

describe('holdFileLock', () => {
  it('excludes a second holder, and says what the first one wrote', async () => {
    const first = held(await holdFileLock({ path, wait: 'no', owner: '{"pid":1,"why":"a test"}' }))

    expect(await holdFileLock({ path, wait: 'no' })).toEqual({ heldBy: '{"pid":1,"why":"a test"}' })
    await first.release()
  })

  it('is free the moment release resolves, and release may be called twice', async () => {
    for (let round = 0; round < 5; round++) {
      const lock = held(await holdFileLock({ path, wait: 'no', owner: `round ${round}` }))
      await Promise.all([lock.release(), lock.release()])
    }
  })

  it('keeps the file, for its owner alone, and says nothing in it once released', async () => {
    const lock = held(await holdFileLock({ path, wait: 'no', owner: 'somebody' }))
    await lock.release()

    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'utf8')).toBe('')
  })

  it('waits until the holder lets go', async () => {
    const first = held(await holdFileLock({ path, wait: 'no' }))
    const second = holdFileLock({ path, wait: { timeoutMs: 10_000 } })
    setTimeout(() => first.release(), 150)

    await held(await second).release()
  })

  it('gives up when the time is up', async () => {
    const first = held(await holdFileLock({ path, wait: 'no', owner: 'first' }))

    expect(await holdFileLock({ path, wait: { timeoutMs: 150 } })).toEqual({ heldBy: 'first' })
    await first.release()
  })

  it('rejects with the reason when aborted, before and while it waits', async () => {
    const first = held(await holdFileLock({ path, wait: 'no' }))
    const abort = new AbortController()
    const second = holdFileLock({ path, wait: { timeoutMs: 10_000 }, signal: abort.signal })
    setTimeout(() => abort.abort(new Error('stop it')), 100)

    await expect(second).rejects.toThrow('stop it')
    await expect(holdFileLock({ path, wait: 'no', signal: abort.signal })).rejects.toThrow('stop it')
    await first.release()
    await held(await holdFileLock({ path, wait: 'no' })).release()
  })

  it('rejects when the folder is not there', async () => {
    await expect(holdFileLock({ path: join(folder, 'no/lock'), wait: 'no' })).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('lets 30 contenders of 5 processes in one at a time', async () => {
    const counter = join(folder, 'counter')
    appendFileSync(counter, '0')

    const exits = Array.from({ length: 5 }, () => once(contender('count'), 'exit'))

    expect((await Promise.all(exits)).map(([code]) => code)).toEqual(exits.map(() => 0))
    expect(readFileSync(counter, 'utf8')).toBe('30')
  }, 60_000)

  it('is free again when its holder is killed', async () => {
    const holder = contender('sit')
    await once(holder.stdout!, 'data')
    expect(await holdFileLock({ path, wait: 'no' })).toEqual({ heldBy: `contender ${holder.pid}` })

    process.kill(holder.pid!, 'SIGKILL')

    await held(await holdFileLock({ path, wait: { timeoutMs: 2000 } })).release()
  }, 20_000)

  it('goes to nobody when its waiter is killed', async () => {
    const first = held(await holdFileLock({ path, wait: 'no' }))
    const waiter = contender('sit')
    await sleep(1000)
    process.kill(waiter.pid!, 'SIGKILL')
    await first.release()

    await held(await holdFileLock({ path, wait: { timeoutMs: 2000 } })).release()
  }, 20_000)
})
