import { reachableFrom } from '../lib/topology.ts'
import type { Desired } from '../model/desired.ts'
import type { StackletId } from '../model/names.ts'
import { type Plan, stackletOf } from './step.ts'

/** The part of a plan that is about these stacklets and what they require while they run. The host's own steps stay: others may wait for them. */
export function onlyFor(plan: Plan, ids: readonly StackletId[], desired: Desired): Plan {
  return partOf(plan, new Set<StackletId | null>([null, ...neededBy(ids, desired)]))
}

/** The steps of these, null for the host, with what is told of them. */
export function partOf(plan: Plan, needed: ReadonlySet<StackletId | null>): Plan {
  const steps = plan.steps.filter((one) => needed.has(stackletOf(one.step)))
  const kept = new Set(steps.map((one) => one.id))
  const own = steps.some((one) => stackletOf(one.step) !== null)
  return {
    steps: own ? steps.map((one) => ({ ...one, after: one.after.filter((id) => kept.has(id)) })) : [],
    notes: plan.notes.filter((note) => needed.has(note.stacklet)),
  }
}

/** These, and what those of them that should run require. */
export function neededBy(ids: readonly StackletId[], desired: Desired): ReadonlySet<StackletId> {
  const requiresOf = (id: StackletId): readonly StackletId[] => {
    const wanted = desired.stacklets.find((one) => one.id === id)
    return wanted?.state === 'running' || wanted?.state === 'paused' ? wanted.requires : []
  }
  return new Set([...ids, ...reachableFrom(ids, requiresOf)])
}
