import type { StepResult } from '../model/event.ts'
import type { StackletId } from '../model/names.ts'

/** How many starts of this run met what a died engine left of an earlier one. No look tells that: the engine has forgotten it. */
export type StuckStarts = Map<StackletId, number>

/** To make them anew, and to remove them first: plan/stuck.ts. */
const cures = 2

/** Counts the steps that failed so. Answers those for which there is a cure left. */
export function noteStuck(failed: readonly StepResult[], stuck: StuckStarts): readonly StepResult[] {
  const met = failed.filter(({ error, stacklet }) => error?.code === 'STACK_STUCK' && stacklet !== null)
  const ids = new Set(met.map(({ stacklet }) => stacklet).filter((id) => id !== null))
  for (const id of ids) stuck.set(id, (stuck.get(id) ?? 0) + 1)
  return met.filter(({ stacklet }) => stacklet !== null && (stuck.get(stacklet) ?? 0) <= cures)
}
