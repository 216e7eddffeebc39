import type { StackletId } from '../../model/names.ts'
import type { Problem, ProblemCode } from '../../model/problem.ts'
import type { Stacklet } from '../../model/stacklet.ts'
import type { ComposeSource, ServiceSource } from './compose-source.ts'

/** Everything a convention is checked against. */
export interface ConventionFacts {
  readonly stacklet: Stacklet
  readonly source: ComposeSource
  /** Absolute folder that holds the data of all stacklets. */
  readonly dataDir: string
  /** What Compose would make of a text with `${VARIABLES}`. It may hold secrets and is never shown. */
  readonly filledIn: (text: string) => string
}

/** What is unusual about one service. */
export type Convention = (service: ServiceSource, facts: ConventionFacts) => readonly Problem[]

/** A departure: nothing stops working here and now, and something around it will not find what it expects. */
export function departure(
  code: ProblemCode,
  words: { readonly message: string; readonly hint: string },
  at: Problem['at'],
  about: StackletId,
): Problem {
  return { level: 'warning', code, ...words, at, about }
}
