import type { Actual } from '../../model/actual.ts'
import type { Desired } from '../../model/desired.ts'
import type { Situation } from '../situation.ts'
import type { ProposedStep } from '../step.ts'

/** What a rule may look at. Rules never see one another's steps. */
export interface Facts {
  readonly desired: Desired
  readonly actual: Actual
  /** The declared stacklets that nothing keeps from being acted on, by id. */
  readonly situations: readonly Situation[]
}

/** One policy: from the facts, the steps that it wants. */
export type Rule = (facts: Facts) => readonly ProposedStep[]
