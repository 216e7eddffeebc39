import type { Clock } from '../reconciler/index.ts'

/** Wakes who sleeps. A ring that nobody sleeps through is kept for the next who would. */
export interface Bell {
  ring(): void
  /** Sleeps that long, or until it rings; answers whether it rang. Rejects when cancelled. */
  sleep(clock: Pick<Clock, 'sleep'>, ms: number, signal: AbortSignal): Promise<boolean>
}

export function newBell(): Bell {
  let hasRung = false
  let wake = () => {}
  return {
    ring() {
      hasRung = true
      wake()
    },
    async sleep(clock, ms, signal) {
      signal.throwIfAborted()
      if (!hasRung) await asleep(clock, ms, signal, (waker) => (wake = waker))
      const answer = hasRung
      hasRung = false
      return answer
    },
  }
}

async function asleep(
  clock: Pick<Clock, 'sleep'>,
  ms: number,
  signal: AbortSignal,
  onWaker: (wake: () => void) => void,
): Promise<void> {
  const woken = new AbortController()
  const wake = () => woken.abort()
  onWaker(wake)
  signal.addEventListener('abort', wake, { once: true })
  try {
    await clock.sleep(ms, woken.signal)
  } catch (error) {
    if (!woken.signal.aborted) throw error
  } finally {
    signal.removeEventListener('abort', wake)
  }
  signal.throwIfAborted()
}
