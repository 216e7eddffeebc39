import type { Clock } from '../reconciler/index.ts'

export interface IntervalWatch {
  readonly intervalMs: number
  readonly clock: Clock
  readonly request: (why: { readonly reason: 'interval' }) => void
}

/** Many hosts that were started together should not go on asking the same remote together. */
const jitter = 0.1

/** Asks for a look again and again, whatever happened or did not, until cancelled. */
export async function watchInterval({ intervalMs, clock, request }: IntervalWatch, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const sleepMs = intervalMs * (1 - jitter + 2 * jitter * clock.random())
    await clock.sleep(sleepMs, signal).catch(() => {})
    if (!signal.aborted) request({ reason: 'interval' })
  }
}
