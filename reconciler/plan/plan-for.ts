import type { Actual } from '../model/actual.ts'
import type { Desired } from '../model/desired.ts'
import type { StackletId } from '../model/names.ts'
import { type Consent, gatePlan } from './gate.ts'
import { makePlan } from './make-plan.ts'
import { onlyFor } from './only-for.ts'
import type { Note, Plan } from './step.ts'

/** What a plan is made from; `only` are the stacklets that were asked for, null: all. */
export interface Sight {
  readonly desired: Desired
  readonly actual: Actual
  readonly only: readonly StackletId[] | null
  /** What its reader has to know besides. */
  readonly notes?: readonly Note[]
}

/** The plan as a person gets to see it: after the gate, and of what was asked for. */
export function planFor({ desired, actual, only, notes = [] }: Sight, consent: Consent): Plan {
  const made = makePlan(desired, actual)
  const { go } = gatePlan({ ...made, notes: [...made.notes, ...notes] }, consent, desired, actual)
  return only === null ? go : onlyFor(go, only, desired)
}
