import type { StackError } from '../model/errors.ts'
import type { StepResult } from '../model/event.ts'
import type { Revision, RunId } from '../model/names.ts'
import type { OutcomeKind } from '../model/status.ts'
import type { Note } from '../plan/step.ts'

/** How a run ended. Each kind says by itself what has to happen next. */
export type Outcome =
  | { readonly kind: 'converged' }
  /** Not a failure; something else comes first. */
  | { readonly kind: 'waiting'; readonly notes: readonly Note[] }
  /** Needs consent. */
  | { readonly kind: 'held'; readonly notes: readonly Note[] }
  /** Tried and not done: worth another try. */
  | { readonly kind: 'failed'; readonly error: StackError }
  /** Only an edit can help. */
  | { readonly kind: 'stalled'; readonly error: StackError }

/** One whole run, as reported. */
export interface RunReport {
  readonly run: RunId
  readonly revision: Revision | null
  readonly outcome: Outcome
  readonly rounds: number
  readonly steps: readonly StepResult[]
  readonly notes: readonly Note[]
  /** What following git told; null where this run did not follow it. */
  readonly followed: readonly Note[] | null
  /** Files of the whole instance with edits that are not committed, which the run therefore did not see. */
  readonly unseen: readonly string[]
}

export function kindOf(outcome: Outcome): OutcomeKind {
  return outcome.kind
}

/** The error of an outcome that has one. */
export function errorOf(outcome: Outcome): StackError | null {
  return outcome.kind === 'failed' || outcome.kind === 'stalled' ? outcome.error : null
}
