import { digestOf } from '../lib/digest.ts'
import { reachableFrom } from '../lib/topology.ts'
import type { Actual } from '../model/actual.ts'
import type { Desired } from '../model/desired.ts'
import type { Digest, StackletId, StepId } from '../model/names.ts'
import { type Note, type Plan, type PlannedStep, riskOf, type Step, stackletOf } from './step.ts'

/** What a person allowed for this run. */
export interface Consent {
  /** `--yes`: replacing strangers' containers under our names. Never an emptied file, never too many removals. */
  readonly yes: boolean
  /** Stacklets that a person named: they may leave in any number. */
  readonly named?: readonly StackletId[] | null
  /** The plan is sealed: who executes it agrees to each step of it. Never an emptied file, never too many removals. */
  readonly sealed?: boolean
}

export interface GatedPlan {
  readonly go: Plan
  /** Steps that wait for a person, and what waits for them. */
  readonly held: readonly PlannedStep[]
}

/** Splits a plan into what may happen and what a person must allow first. Each held thing becomes a note that says how. */
export function gatePlan(plan: Plan, consent: Consent, desired: Desired, actual: Actual): GatedPlan {
  const approved = new Set<string>([...desired.approvals, ...actual.approvals])
  const destroying = plan.steps.filter((one) => riskOf(one.step) === 'destroys-data')
  const isAgreed = ({ step }: PlannedStep) => consent.sealed === true || (consent.yes && mayBeAllowed(step))
  const unconsented = destroying.filter((one) => !approved.has(one.digest) && !isAgreed(one))
  const removal = tooManyLeaving(plan, consent.named ?? [], desired, actual)
  const removing = removal === null || approved.has(removal.digest) ? [] : removal.steps
  const held = withAllBehind([...unconsented, ...removing], plan)
  const heldIds = new Set<StepId>(held.map((one) => one.id))
  const notes = [...unconsented.map(noteForStep), ...(removal !== null && removing.length > 0 ? [removal.note] : [])]
  return { go: { steps: plan.steps.filter((one) => !heldIds.has(one.id)), notes: [...plan.notes, ...notes] }, held }
}

/** `--yes` is for what a person declared gone, and for strangers under our names. A volume is worth a sentence of its own. */
function mayBeAllowed({ kind }: Step): boolean {
  return kind !== 'replace-volume'
}

/**
 * A stacklet of which one step is held stays as it is, hooks and all: half of a change helps nobody. So does each stacklet
 * of which some step waits for it.
 */
function withAllBehind(first: readonly PlannedStep[], plan: Plan): readonly PlannedStep[] {
  const owners = new Map(plan.steps.map((one) => [one.id, stackletOf(one.step)]))
  const start = first.map((one) => stackletOf(one.step))
  const behind = reachableFrom(start, (owner) => {
    const waiting = plan.steps.filter((one) => one.after.some((id) => owners.get(id) === owner))
    return waiting.map((one) => stackletOf(one.step))
  })
  return plan.steps.filter(({ step }) => start.includes(stackletOf(step)) || behind.has(stackletOf(step)))
}

function noteForStep(planned: PlannedStep): Note {
  return {
    kind: 'held',
    stacklet: stackletOf(planned.step),
    message: `${planned.id} is held, because ${planned.step.because}`,
    hint: hintFor(planned),
    digest: planned.digest,
  }
}

function hintFor({ step, digest }: PlannedStep): string {
  if (step.kind === 'purge-data') return `allow it with stack destroy ${step.stacklet} --purge --yes`
  if (step.kind === 'replace-volume')
    return `save its data, then allow it with a commit that says Stack-Approve: ${digest}`
  return `allow it with stack reconcile --yes, or a commit that says Stack-Approve: ${digest}`
}

interface Removal {
  readonly steps: readonly PlannedStep[]
  readonly digest: Digest
  readonly note: Note
}

/** The blast radius: an emptied file removes nothing, and no commit removes more than `max_removals`, until a person says so. */
function tooManyLeaving(plan: Plan, named: readonly StackletId[], desired: Desired, actual: Actual): Removal | null {
  const isNamed = (step: Step): boolean => named.some((id) => id === stackletOf(step))
  const steps = plan.steps.filter((one) => isLeaving(one.step) && !isNamed(one.step))
  const all = new Set(steps.map((one) => stackletOf(one.step)))
  const ids = actual.converged.filter((id) => all.has(id)).sort()
  const isEmptied = desired.isEmpty && steps.length > 0
  if (!isEmptied && ids.length <= desired.pace.maxRemovals) return null
  const names = [...all].sort()
  const digest = digestOf({ removes: names.join(' ') }).slice(0, 16) as Digest
  return { steps, digest, note: noteForRemoval(names as StackletId[], digest, isEmptied, desired) }
}

function isLeaving(step: Step): boolean {
  return step.because === 'declared absent' || step.because === 'no longer listed'
}

function noteForRemoval(ids: readonly StackletId[], digest: Digest, isEmptied: boolean, desired: Desired): Note {
  const why = isEmptied
    ? 'desired.toml is missing or lists nothing'
    : `more than max_removals = ${desired.pace.maxRemovals} would leave at once`
  return {
    kind: 'held',
    stacklet: null,
    message: `removing ${ids.join(', ')} is held, because ${why}`,
    hint: `restore desired.toml, or allow it with a commit that says Stack-Approve: ${digest}`,
    digest,
  }
}
