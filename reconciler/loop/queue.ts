import type { Trigger } from '../model/trigger.ts'
import type { Clock } from '../ports/clock.ts'

export interface QueueParts {
  /** Does one run for these reasons. Answers when the next one is due although nothing happens, null: not at all. Never throws. */
  readonly run: (triggers: readonly Trigger[], superseded: AbortSignal) => Promise<number | null>
  readonly clock: Pick<Clock, 'nowMs' | 'sleep'>
}

export interface Queue {
  /** Asks for a run. One that waits already serves this reason as well; one under way ends its waits where a newer commit came. */
  request(trigger: Trigger): void
  /** Serves requests, one run at a time, until cancelled; what is under way then is awaited. */
  serve(signal: AbortSignal): Promise<void>
}

/** Pushes that follow one another in no time are one: the first is served at once, and then the last. */
const betweenPushesMs = 1_000

/** The only thing that starts runs which nobody asked for. */
export function createQueue({ run, clock }: QueueParts): Queue {
  let waiting: Trigger[] = []
  let underWay: AbortController | null = null
  let wake = (): void => {}
  let lastPushMs = Number.NEGATIVE_INFINITY

  function request(trigger: Trigger): void {
    waiting.push(trigger)
    if (trigger.reason === 'push') underWay?.abort()
    wake()
  }

  /** What to run for now; null when cancelled. */
  async function next(dueMs: number | null, signal: AbortSignal): Promise<readonly Trigger[] | null> {
    for (;;) {
      if (signal.aborted) return null
      const nowMs = clock.nowMs()
      const readyMs =
        waiting.length > 0 ? readyAt(waiting, lastPushMs + betweenPushesMs) : (dueMs ?? Number.POSITIVE_INFINITY)
      if (readyMs <= nowMs) return taken()
      await untilWoken(readyMs - nowMs, signal)
    }
  }

  function taken(): readonly Trigger[] {
    const triggers: readonly Trigger[] = waiting.length > 0 ? waiting : [{ reason: 'retry', about: null }]
    waiting = []
    return triggers
  }

  async function untilWoken(ms: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController()
    const bell = new Promise<void>((resolve) => {
      wake = resolve
    })
    const limit = AbortSignal.any([signal, woken.signal])
    // Longer than this no timer of the platform counts.
    const rest = clock.sleep(Math.min(ms, longestMs), limit).catch(() => {})
    await Promise.race([bell, rest])
    woken.abort()
    wake = () => {}
  }

  return {
    request,
    async serve(signal) {
      for (let dueMs: number | null = null; ; ) {
        const triggers = await next(dueMs, signal)
        if (triggers === null) return
        if (triggers.some(({ reason }) => reason === 'push')) lastPushMs = clock.nowMs()
        underWay = new AbortController()
        dueMs = await run(triggers, underWay.signal)
        underWay = null
      }
    },
  }
}

const longestMs = 24 * 3_600_000

/** Only pushes wait for one another. */
function readyAt(waiting: readonly Trigger[], nextPushMs: number): number {
  return waiting.every(({ reason }) => reason === 'push') ? nextPushMs : Number.NEGATIVE_INFINITY
}
