import { type Check, error, ok } from '../../../model/check.ts'
import type { InstanceFacts } from '../facts.ts'

/** Two machines may differ so much without harm. */
const toleranceMs = 5 * 60_000

/** Time goes forward: what was written down cannot lie ahead of now. */
export function checkClock({ repository, lastRunAtMs }: InstanceFacts, nowMs: number): readonly Check[] {
  const moments = [
    { what: 'the last commit is of', atMs: repository.headAtMs },
    { what: 'the last run was at', atMs: lastRunAtMs },
  ]
  const ahead = moments.find(({ atMs }) => atMs !== null && atMs > nowMs + toleranceMs)
  if (ahead === undefined) return [ok('clock', wordsFor(nowMs))]
  const message = `the clock says ${wordsFor(nowMs)}, and ${ahead.what} ${wordsFor(ahead.atMs ?? 0)}`
  return [error('clock', message, 'set the clock: timedatectl set-ntp true, or chronyc makestep')]
}

function wordsFor(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
