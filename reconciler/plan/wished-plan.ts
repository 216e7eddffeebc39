import type { Actual } from '../model/actual.ts'
import type { Desired } from '../model/desired.ts'
import type { StackletId } from '../model/names.ts'
import { isResting } from './container-state.ts'
import { makePlan, planned } from './make-plan.ts'
import { isUpAlone } from './needs.ts'
import { neededBy, onlyFor } from './only-for.ts'
import { containersOf } from './ownership.ts'
import { propose } from './propose.ts'
import { proposeHook } from './rules/hooks.ts'
import { stopServices } from './rules/services.ts'
import { type Plan, type ProposedStep, stackletOf } from './step.ts'
import type { Wish } from './wish.ts'

/** The plan of a round. What a person asks to be done once comes first and alone; from then on it is an ordinary run. */
export function wishedPlan(wish: Wish, rounds: number, desired: Desired, actual: Actual): Plan {
  const first = rounds === 0 ? askedFor(wish, desired, actual) : []
  if (first.length > 0) return { steps: planned(first, desired, actual), notes: [] }
  const plan = makePlan(desired, actual)
  return wish.only === null ? plan : onlyFor(plan, wish.only, desired)
}

function askedFor({ restart, setUp }: Wish, desired: Desired, actual: Actual): readonly ProposedStep[] {
  return [
    ...restart.flatMap((id) => stopOf(id, desired, actual)),
    ...setUp.flatMap((id) => proposeHook(id, filesOf(id, desired), 'on_install_success', 'asked for')),
  ]
}

/** What does not run need not be stopped: starting it is an ordinary run's affair. */
function stopOf(id: StackletId, desired: Desired, actual: Actual): readonly ProposedStep[] {
  const services = stopServices(id, actual.files[id]?.startedServices ?? [], 'asked to restart')
  const active = containersOf(id, actual).filter((one) => !isResting(one))
  if (active.length === 0 && !isUpAlone(actual.ledger[id] ?? null)) return services
  return [
    ...services,
    ...proposeHook(id, filesOf(id, desired), 'on_stop', 'before stop'),
    propose({ kind: 'stop', stacklet: id, because: 'asked to restart' }),
  ]
}

function filesOf(id: StackletId, desired: Desired): readonly string[] {
  return Object.keys(desired.stacklets.find((one) => one.id === id)?.stacklet.files ?? {})
}

/** Stacklets that a run for some leaves as they are, though they are not as declared. */
export function othersThan({ only }: Wish, desired: Desired, actual: Actual): readonly StackletId[] {
  if (only === null) return []
  const seen = neededBy(only, desired)
  const ids = makePlan(desired, actual).steps.map((one) => stackletOf(one.step))
  return [...new Set(ids.filter((id) => id !== null).filter((id) => !seen.has(id)))].sort()
}
