import type { Actual } from '../model/actual.ts'
import type { Desired } from '../model/desired.ts'
import type { SealedContainer, SealedPlan, SealedStacklet, SealedStep } from '../model/sealed-plan.ts'
import { differences } from './compare.ts'
import { planToSeal, restsOn, sealedContainer, sealedInstance, sealedStacklet, sealedStep } from './seal.ts'

/**
 * What a sealed plan rests on and is not so any more, in words: `container stack-photos (made anew)`. Empty: the plan still
 * holds, step by step. Steps are named where nothing else explains why they would be others.
 */
export function whatMoved(sealed: SealedPlan, desired: Desired, actual: Actual): readonly string[] {
  // The id of the instance is the key under which everything else was written down.
  if (sealed.instance !== sealedInstance(actual.instance)) return ['the instance (it had its first run since)']
  const bases = [
    ...commitMoved(sealed, desired),
    ...Object.entries(sealed.stacklets).flatMap(([id, was]) =>
      stackletMoved(id, was, sealedStacklet(id, desired, actual)),
    ),
    ...editsIn(Object.keys(sealed.stacklets), desired),
    ...containersMoved(sealed, desired, actual),
  ]
  return bases.length > 0 ? bases : stepsMoved(sealed, desired, actual)
}

function commitMoved({ revision }: SealedPlan, desired: Desired): readonly string[] {
  if (revision === desired.revision) return []
  return [`the commit (${revision.slice(0, 7)}, now ${desired.revision?.slice(0, 7) ?? 'none'})`]
}

function stackletMoved(id: string, was: SealedStacklet, now: SealedStacklet): readonly string[] {
  const files = differences(now.files, was.files)
  const inputs = differences(now.inputs, was.inputs)
  return [
    ...files.map(({ key }) => `file ${key} of ${id}`),
    ...inputs.map(({ key }) => `input ${key} of ${id}`),
    ...(was.applied === now.applied ? [] : [`what was applied to ${id}`]),
  ]
}

/** A stacklet whose files are being edited waits, and so does what requires it. */
function editsIn(ids: readonly string[], desired: Desired): readonly string[] {
  const meant = desired.stacklets.filter((one) => ids.includes(one.id) && one.state !== 'absent')
  return meant.flatMap(({ waitsFor }) => (waitsFor === null ? [] : [`the work tree (${waitsFor})`]))
}

function containersMoved(sealed: SealedPlan, desired: Desired, actual: Actual): readonly string[] {
  const isMeant = restsOn(Object.keys(sealed.stacklets), desired, actual)
  const now = new Map(actual.containers.map((one) => [one.name, one]))
  const known = Object.entries(sealed.containers).flatMap(([name, was]) => {
    const found = now.get(name)
    const word = found === undefined ? 'gone' : wordFor(was, sealedContainer(found))
    return word === null ? [] : [`container ${name} (${word})`]
  })
  const added = actual.containers.filter((one) => sealed.containers[one.name] === undefined && isMeant(one))
  return [...known, ...added.map((one) => `container ${one.name} (new)`)].sort()
}

function wordFor(was: SealedContainer, now: SealedContainer): string | null {
  if (was.id !== now.id) return 'made anew'
  if (was.state !== now.state) return `${was.state}, now ${now.state}`
  return was.startedAtMs === now.startedAtMs || now.restarts > was.restarts ? null : 'restarted'
}

function stepsMoved(sealed: SealedPlan, desired: Desired, actual: Actual): readonly string[] {
  const now = planToSeal({ desired, actual, only: sealed.only }).steps.map(sealedStep)
  const [before, after] = [byId(sealed.steps), byId(now)]
  const words = differences(after, before).map(({ key, want, got }) => `step ${key} (${stepWord(want, got)})`)
  const isSameOrder = sealed.steps.map(({ id }) => id).join('\n') === now.map(({ id }) => id).join('\n')
  return words.length > 0 || isSameOrder ? words : ['the order of the steps']
}

function byId(steps: readonly SealedStep[]): Readonly<Record<string, string>> {
  return Object.fromEntries(steps.map((step) => [step.id, essence(step)]))
}

/** In one order of keys, whoever wrote the step down. */
function essence({ kind, stacklet, because, risk, after, changes, digest }: SealedStep): string {
  const told = changes.map(({ field, want, got, cause }) => [field, want, got, cause])
  return JSON.stringify([kind, stacklet, because, risk, after, told, digest])
}

function stepWord(want: string | null, got: string | null): string {
  if (got === null) return 'new'
  return want === null ? 'not needed any more' : 'another one now'
}
