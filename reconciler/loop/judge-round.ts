import type { Actual } from '../model/actual.ts'
import type { StepResult } from '../model/event.ts'
import type { StackletId } from '../model/names.ts'
import { fallenIn, type Round, standingsAfter } from '../plan/after-round.ts'
import type { World } from '../ports/world.ts'
import type { Look } from './look.ts'
import { remember } from './remember.ts'
import type { RunContext } from './run-context.ts'

/** Remembers what a round showed of each stacklet. Answers those that have to go back to their last good version. */
export async function judgeRound(
  { world, run }: Pick<RunContext, 'world' | 'run'>,
  { desired, actual }: Look,
  results: readonly StepResult[],
): Promise<readonly StackletId[]> {
  const round: Round = {
    desired,
    actual,
    results,
    run,
    nowMs: world.clock.nowMs(),
    chance: world.clock.random(),
    haveGood: await thoseWithGood(world, results),
  }
  const edit = (standings: Actual['standings']) => standingsAfter({ ...round, actual: { ...actual, standings } })
  return fallenIn(await remember(world, edit))
}

async function thoseWithGood({ good }: World, results: readonly StepResult[]): Promise<ReadonlySet<StackletId>> {
  const failed = results.filter(({ result }) => result === 'failed').flatMap(({ stacklet }) => stacklet ?? [])
  const kept = await Promise.all([...new Set(failed)].map(async (id) => ((await good.read(id)) === null ? [] : [id])))
  return new Set(kept.flat())
}
