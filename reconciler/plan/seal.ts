import { digest, digestOf } from '../lib/digest.ts'
import type { Actual, LedgerEntry, ObservedContainer } from '../model/actual.ts'
import type { Desired, DesiredStacklet } from '../model/desired.ts'
import type { Digest, Revision, StackletId } from '../model/names.ts'
import type { SealedContainer, SealedPlan, SealedStacklet, SealedStep } from '../model/sealed-plan.ts'
import { claims } from './blocked.ts'
import { isUp } from './container-state.ts'
import { neededBy } from './only-for.ts'
import { containersOf } from './ownership.ts'
import { planFor, type Sight } from './plan-for.ts'
import { type Note, type Plan, type PlannedStep, riskOf, type Step, stackletOf } from './step.ts'

/**
 * The plan to be sealed: to execute it is to agree to each step that it lists, so none of them is held. What would remove too
 * much at once stays held, and is not in it: no file stands for that.
 */
export function planToSeal(sight: Sight): Plan {
  return planFor(sight, { yes: false, sealed: true })
}

/** What somebody who seals a plan has to know: a note for each step that destroys data. */
export function agreements({ steps }: Plan): readonly Note[] {
  return steps.filter(({ step }) => riskOf(step) === 'destroys-data').map(agreement)
}

function agreement({ id, step }: PlannedStep): Note {
  const message = `${id} destroys what git cannot bring back, and to execute this plan is to agree to it`
  return { kind: 'warning', stacklet: stackletOf(step), message, hint: 'save its data before', digest: null }
}

/** Writes down a plan that was made of this, for this commit. */
export function seal(plan: Plan, revision: Revision, { desired, actual, only }: Sight): SealedPlan {
  const ids = [...idsOf(plan, desired)].sort()
  return {
    host: desired.host,
    instance: sealedInstance(actual.instance),
    revision,
    only,
    steps: plan.steps.map(sealedStep),
    stacklets: Object.fromEntries(ids.map((id) => [id, sealedStacklet(id, desired, actual)])),
    containers: sealedContainers(ids, plan.steps, desired, actual),
  }
}

/** An instance by a digest of its id. */
export function sealedInstance(instance: string | null): Digest | null {
  return instance === null ? null : (digestOf({ instance }) as Digest)
}

/** Those that have steps, and what they require. */
function idsOf({ steps }: Plan, desired: Desired): ReadonlySet<StackletId> {
  const own = steps.map(({ step }) => stackletOf(step)).filter((id) => id !== null)
  return neededBy(own, desired)
}

export function sealedStep({ id, step, after, changes, digest: ownDigest }: PlannedStep): SealedStep {
  const { kind, because } = step
  const told = changes.map(({ field, want, got, cause }) => ({ field, want, got, cause }))
  return { id, kind, stacklet: stackletOf(step), because, risk: riskOf(step), after, changes: told, digest: ownDigest }
}

export function sealedStacklet(id: string, desired: Desired, { ledger, instance }: Actual): SealedStacklet {
  const wanted = desired.stacklets.find((one) => one.id === id)
  const entry = ledger[id]
  return {
    files: wanted?.stacklet.files ?? {},
    inputs: sealedInputs(wanted, instance),
    applied: entry === undefined ? null : sealedEntry(entry, instance),
  }
}

function sealedInputs(wanted: DesiredStacklet | undefined, key: string | null): Readonly<Record<string, Digest>> {
  const inputs = Object.entries(wanted?.inputs ?? {})
  return Object.fromEntries(inputs.map(([name, value]) => [name, underKey(value, key)]))
}

function sealedEntry(entry: LedgerEntry, key: string | null): Digest {
  return underKey(JSON.stringify(entry), key)
}

function underKey(text: string, key: string | null): Digest {
  return digest(JSON.stringify([key, text])).slice(0, 16) as Digest
}

function sealedContainers(
  ids: readonly StackletId[],
  steps: readonly PlannedStep[],
  desired: Desired,
  actual: Actual,
): Readonly<Record<string, SealedContainer>> {
  const touched = new Set(steps.flatMap(({ step }) => touchedBy(step)))
  const isMeant = restsOn(ids, desired, actual)
  const meant = actual.containers.filter((one) => isMeant(one) || touched.has(one.id))
  return Object.fromEntries(meant.map((one) => [one.name, sealedContainer(one)] as const))
}

function touchedBy(step: Step): readonly string[] {
  return 'containerId' in step ? [step.containerId] : []
}

/** Whether a plan about these stacklets rests on a container: it is one of theirs, or stands where one of theirs would. */
export function restsOn(
  ids: readonly string[],
  desired: Desired,
  actual: Actual,
): (container: ObservedContainer) => boolean {
  const own = new Set(ids.flatMap((id) => containersOf(id as StackletId, actual).map((one) => one.id)))
  const wanted = desired.stacklets.filter((one) => ids.includes(one.id))
  return (container) => own.has(container.id) || wanted.some((one) => claims(one, container))
}

/** What is restarting is up, and down again before anybody has read the plan that mends it. */
export function sealedContainer(container: ObservedContainer): SealedContainer {
  const { id, state, startedAtMs, restarts } = container
  return { id, state: isUp(container) ? 'running' : state, startedAtMs, restarts }
}
