import type { StackError } from '../model/errors.ts'
import type { StepResult } from '../model/event.ts'
import type { StepId } from '../model/names.ts'
import { type Plan, stackletOf } from '../plan/step.ts'
import type { Applied } from './apply.ts'
import { noteStuck, type StuckStarts } from './stuck-starts.ts'

/** What failed in an earlier round and stays as it is until the next run. */
export interface SetAside {
  readonly results: readonly StepResult[]
  /** The first of those failures; null while there is none. */
  readonly error: StackError | null
}

export const nothingAside: SetAside = { results: [], error: null }

/** What another round goes on without, after a round that failed; null: none can help. */
export function asideAfter(applied: Applied, stuck: StuckStarts, before: SetAside): SetAside | null {
  const failed = applied.results.filter(({ result }) => result === 'failed')
  const curable = noteStuck(failed, stuck)
  // What failed outside of a step, as a journal that cannot be written, is the run's own failure.
  const isStepsAlone = failed.length >= applied.failures.length && applied.error?.code !== 'STACK_CANCELLED'
  if (curable.length === 0 || !isStepsAlone) return null
  const others = failed.filter((one) => !curable.includes(one))
  const isOther = ({ message }: StackError): boolean => others.some(({ error }) => error?.message === message)
  return {
    results: [...before.results, ...others],
    error: before.error ?? applied.failures.find(isOther) ?? null,
  }
}

/** The plan without the stacklets that failed, and without what would wait for them. */
export function withoutThose(plan: Plan, { results }: SetAside): Plan {
  const ids = new Set(results.map(({ stacklet }) => stacklet))
  const dropped = new Set<StepId>()
  for (const { id, step, after } of plan.steps) {
    if (ids.has(stackletOf(step)) || after.some((other) => dropped.has(other))) dropped.add(id)
  }
  return { ...plan, steps: plan.steps.filter(({ id }) => !dropped.has(id)) }
}
