import { describe, expect, it, onTestFinished } from 'vitest'
import { createQueue, type Queue } from '../../reconciler/loop/queue.ts'
import { type Trigger, triggerWords } from '../../reconciler/model/trigger.ts'

/** Time that passes only when a test says so. */
function stoppedClock() {
  let nowMs = 0
  const sleepers = new Set<{ readonly wakesMs: number; readonly wake: () => void }>()
  return {
    nowMs: () => nowMs,
    sleep: (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const sleeper = { wakesMs: nowMs + ms, wake: resolve }
        sleepers.add(sleeper)
        signal.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(signal.reason)
        })
      }),
    async pass(ms: number) {
      nowMs += ms
      for (const one of [...sleepers].filter(({ wakesMs }) => wakesMs <= nowMs)) {
        sleepers.delete(one)
        one.wake()
      }
      await settled()
    },
  }
}

/** Whatever was to happen now has happened. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await null
}

interface Run {
  readonly why: string
  readonly superseded: AbortSignal
  readonly end: (dueMs?: number | null) => Promise<void>
}

function served() {
  const clock = stoppedClock()
  const runs: Run[] = []
  const queue: Queue = createQueue({
    clock,
    run: (triggers, superseded) =>
      new Promise((resolve) => {
        const end = async (dueMs: number | null = null) => {
          resolve(dueMs)
          await settled()
        }
        runs.push({ why: triggerWords(triggers), superseded, end })
      }),
  })
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const over = queue.serve(stop.signal)
  const ask = async (reason: Trigger['reason'], about: string | null = null): Promise<void> => {
    queue.request({ reason, about })
    await settled()
  }
  return { clock, runs, ask, stop, over }
}

const whys = (runs: readonly Run[]): readonly string[] => runs.map(({ why }) => why)

describe('the queue', () => {
  it('runs at once for the first reason, and once for all that come meanwhile', async () => {
    const { runs, ask } = served()
    await ask('start')
    for (const id of ['a', 'b', 'a']) await ask('engine', id)

    await runs[0]?.end()
    await runs[1]?.end()

    expect(whys(runs)).toEqual(['start', 'engine a, engine b'])
  })

  it('ends the waits of a run when a newer commit comes, and of no other news', async () => {
    const { runs, ask } = served()
    await ask('start')
    await ask('engine', 'a')
    await ask('files')
    expect(runs[0]?.superseded.aborted).toBe(false)

    await ask('push', '1a2b3c4')

    expect(runs[0]?.superseded.aborted).toBe(true)
  })

  it('takes pushes that follow one another in no time as one', async () => {
    const { clock, runs, ask } = served()
    await ask('push', 'c1')
    await runs[0]?.end()
    for (let number = 2; number <= 10; number += 1) {
      await clock.pass(50)
      await ask('push', `c${number}`)
    }
    expect(whys(runs)).toEqual(['push c1'])

    await clock.pass(1_000)

    expect(runs).toHaveLength(2)
    expect(runs[1]?.why).toContain('push c10')
  })

  it('does not let other news wait for a push', async () => {
    const { runs, ask } = served()
    await ask('push', 'c1')
    await runs[0]?.end()
    await ask('push', 'c2')

    await ask('engine', 'a')

    expect(whys(runs)).toEqual(['push c1', 'push c2, engine a'])
  })

  it('runs again when the last run said that one is due, and not before', async () => {
    const { clock, runs, ask } = served()
    await ask('start')
    await runs[0]?.end(5_000)
    await clock.pass(4_999)
    expect(runs).toHaveLength(1)

    await clock.pass(1)

    expect(whys(runs)).toEqual(['start', 'retry'])
  })

  it('waits for news alone when nothing is due', async () => {
    const { clock, runs, ask } = served()
    await ask('start')
    await runs[0]?.end()

    await clock.pass(40 * 86_400_000)

    expect(runs).toHaveLength(1)
  })

  it('ends when it is cancelled, after what is under way', async () => {
    const { runs, ask, stop, over } = served()
    await ask('start')
    stop.abort()
    await ask('engine', 'a')

    await runs[0]?.end()
    await over

    expect(runs).toHaveLength(1)
  })
})
