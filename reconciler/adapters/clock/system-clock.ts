import { setTimeout as wait } from 'node:timers/promises'

import type { Clock } from '../../ports/clock.ts'

/** A timer that is set for longer fires at once. */
const longestTimerMs = 2 ** 31 - 1

export function systemClock(): Clock {
  return { nowMs: () => Date.now(), sleep, random: () => Math.random() }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  for (let leftMs = ms; leftMs > 0; leftMs -= longestTimerMs) {
    await wait(Math.min(leftMs, longestTimerMs), undefined, { signal }).catch(() => signal.throwIfAborted())
  }
  signal.throwIfAborted()
}
