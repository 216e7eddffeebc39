import type { StackletId } from '../model/names.ts'
import { makePlan } from '../plan/make-plan.ts'
import { partOf } from '../plan/only-for.ts'
import { type Applied, apply } from './apply.ts'
import { judgeRound } from './judge-round.ts'
import { look } from './look.ts'
import type { RunContext } from './run-context.ts'

/** Going back takes one round, and one to see that it did. */
const mostRounds = 3

/** Brings these back to their last good versions, and leaves everything else as it is. */
export async function goBack(ids: readonly StackletId[], context: RunContext, signal: AbortSignal): Promise<Applied> {
  const results: Applied['results'][number][] = []
  for (let rounds = 0; rounds < mostRounds; rounds += 1) {
    const { desired, actual } = await look(context, signal)
    const plan = partOf(makePlan(desired, actual), new Set<StackletId | null>([null, ...ids]))
    if (plan.steps.length === 0) break
    const applied = await apply(plan.steps, desired.pace.concurrency, { ...context, desired, actual, signal })
    results.push(...applied.results)
    await judgeRound(context, { desired, actual }, applied.results)
    if (applied.error !== null) return { ...applied, results }
  }
  return { results, error: null, failures: [] }
}
