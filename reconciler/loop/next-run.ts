import type { Standing } from '../model/standing.ts'
import { nextHealsMs } from '../plan/standing.ts'
import type { Outcome } from './outcome.ts'

export interface Ended {
  /** Null where the run could not begin. */
  readonly outcome: Outcome | null
  readonly standings: readonly Standing[]
  readonly nowMs: number
  /** How many runs in a row ended badly for the host as a whole. */
  readonly failures: number
}

/**
 * When a run is due although nothing happens: when the first stacklet may be tried or put right again, or a hold ends. Without
 * any of that a run that failed is tried again after a while, and one that is well waits for news.
 */
export function nextRunMs({ outcome, standings, nowMs, failures }: Ended): number | null {
  const isWell = outcome?.kind === 'converged'
  const times = standings.flatMap(({ hold, failure, heals }) => [
    hold?.untilMs ?? null,
    failure?.retryAtMs ?? null,
    ...(isWell ? [] : nextHealsMs(heals)),
  ])
  const coming = times.filter((ms) => ms !== null && ms > nowMs) as readonly number[]
  if (coming.length > 0) return Math.min(...coming)
  return outcome === null || outcome.kind === 'failed' ? nowMs + pauseAfter(failures) : null
}

const firstPauseMs = 2_000
const longestPauseMs = 5 * 60_000

/** The engine is away, the disk is full: nothing of that is one stacklet's fault. */
function pauseAfter(failures: number): number {
  return Math.min(firstPauseMs * 2 ** Math.max(0, failures - 1), longestPauseMs)
}
