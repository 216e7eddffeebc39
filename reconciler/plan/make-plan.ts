import { digestOf } from '../lib/digest.ts'
import type { Actual } from '../model/actual.ts'
import type { Desired, DesiredStacklet } from '../model/desired.ts'
import type { Digest } from '../model/names.ts'
import { blockedStacklets } from './blocked.ts'
import { driftNotes, isLeftAlone, withoutDrift } from './drift-notes.ts'
import { handedOver } from './hand-over.ts'
import { hookEditNotes } from './hook-edits.ts'
import { inOrder, type OrderedStep } from './order.ts'
import { planEnvironment } from './rules/environment.ts'
import { planHooks } from './rules/hooks.ts'
import { planImages } from './rules/images.ts'
import { planLeaving } from './rules/leaving.ts'
import { planNetwork } from './rules/network.ts'
import { planRepairs } from './rules/repairs.ts'
import { planRoutes } from './rules/routes.ts'
import type { Rule } from './rules/rule.ts'
import { planServices } from './rules/services.ts'
import { planStacklets } from './rules/stacklets.ts'
import { planStrays } from './rules/strays.ts'
import { situationOf } from './situation.ts'
import { holdOn, standingNotes } from './standing.ts'
import { type Plan, type PlannedStep, type ProposedStep, stackletOf } from './step.ts'

const rules: readonly Rule[] = [
  planNetwork,
  planEnvironment,
  planHooks,
  planServices,
  planImages,
  planStrays,
  planRepairs,
  planStacklets,
  planLeaving,
  planRoutes,
]

/** Everything that would have to happen for the host to be as desired, in order, each step with its reason. Pure. */
export function makePlan(desired: Desired, actual: Actual): Plan {
  const blocked = blockedStacklets(desired, actual)
  const seen = desired.stacklets
    .filter((wanted) => !blocked.has(wanted.id) && mayChange(wanted, desired, actual))
    .map((wanted) => situationOf(wanted, desired, actual))
  const situations = seen.map((one) => (isLeftAlone(one, desired) ? withoutDrift(one) : one))
  const proposed = rules.flatMap((rule) => rule({ desired, actual, situations }))
  const handed = handedOver(proposed, [...desired.stacklets.map(({ id }) => id), ...desired.gone], actual)
  return {
    steps: planned(handed.steps, desired, actual),
    notes: [
      ...handed.notes,
      ...blocked.values(),
      ...standingNotes(desired, actual),
      ...driftNotes(seen, desired),
      ...hookEditNotes(situations, actual),
    ],
  }
}

function mayChange(wanted: DesiredStacklet, { leftAlone = [] }: Desired, actual: Actual): boolean {
  if (wanted.state === 'absent') return true
  return holdOn(wanted, actual) === null && !leftAlone.includes(wanted.id)
}

/** Steps in their order, each with its name and digest. */
export function planned(proposed: readonly ProposedStep[], desired: Desired, actual: Actual): readonly PlannedStep[] {
  return inOrder(proposed, desired, actual).map((one) => named(one, desired))
}

function named({ id, step, after, changes }: OrderedStep, desired: Desired): PlannedStep {
  return { id, step, after, changes, digest: digestOfStep(id, desired, step) }
}

/** Says what is done to what, not when or why, so that the commit which approves it still matches. */
function digestOfStep(id: string, desired: Desired, step: PlannedStep['step']): Digest {
  const content = desired.stacklets.find((one) => one.id === stackletOf(step))?.content ?? ''
  return digestOf({ id, content }).slice(0, 16) as Digest
}
