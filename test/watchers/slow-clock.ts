import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Clock } from '../../reconciler/index.ts'

export interface SlowClock extends Clock {
  /** Lets that much time pass, waking on the way whoever sleeps so long. */
  pass(ms: number): Promise<void>
}

/** Time that passes only when a test says so. */
export function slowClock(random = 0.5): SlowClock {
  let nowMs = 0
  const sleepers = new Set<{ readonly atMs: number; readonly wake: () => void }>()
  return {
    nowMs: () => nowMs,
    random: () => random,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const sleeper = { atMs: nowMs + ms, wake: resolve }
        sleepers.add(sleeper)
        signal.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(signal.reason)
        })
      }),
    async pass(ms) {
      const untilMs = nowMs + ms
      await settled()
      for (;;) {
        const next = [...sleepers].filter(({ atMs }) => atMs <= untilMs).sort((one, other) => one.atMs - other.atMs)[0]
        if (next === undefined) break
        nowMs = next.atMs
        sleepers.delete(next)
        next.wake()
        await settled()
      }
      nowMs = untilMs
    },
  }
}

/** Whatever can go on without time, has. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await nextTurn()
}
