import type { Clock } from '../../reconciler/ports/clock.ts'

export interface ManualClock extends Clock {
  /** Lets time pass: everybody who sleeps wakes at the right moment, and does what there is to do before the next one wakes. */
  advance(ms: number): Promise<void>
  /** Puts the hands elsewhere: nobody's sleep is longer or shorter for it. */
  jump(ms: number): void
  readonly sleeping: number
}

interface Sleeper {
  readonly wakesAt: number
  readonly wake: () => void
}

export function manualClock(
  startMs = Date.parse('2026-11-21T03:00:00Z'),
  random: () => number = () => 0.5,
): ManualClock {
  let passedMs = 0
  let handsMs = startMs
  const sleepers = new Set<Sleeper>()
  const earliest = (): Sleeper | undefined => [...sleepers].sort((one, other) => one.wakesAt - other.wakesAt)[0]
  return {
    nowMs: () => handsMs + passedMs,
    random,
    get sleeping() {
      return sleepers.size
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const cancel = (): void => {
          sleepers.delete(sleeper)
          reject(signal.reason)
        }
        const wake = (): void => {
          sleepers.delete(sleeper)
          signal.removeEventListener('abort', cancel)
          resolve()
        }
        const sleeper = { wakesAt: passedMs + ms, wake }
        if (signal.aborted) return cancel()
        sleepers.add(sleeper)
        signal.addEventListener('abort', cancel, { once: true })
      }),
    async advance(ms) {
      const untilMs = passedMs + ms
      await everythingDone()
      for (let next = earliest(); next !== undefined && next.wakesAt <= untilMs; next = earliest()) {
        passedMs = Math.max(passedMs, next.wakesAt)
        next.wake()
        await everythingDone()
      }
      passedMs = untilMs
    },
    jump(ms) {
      handsMs += ms
    },
  }
}

/** What follows from a promise follows before this resolves. */
function everythingDone(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
