import type { DesiredStacklet, RolledBack } from '../model/desired.ts'

/** The last good version in the place of what git says; what git says of its state and its needs holds all the same. */
export function asGood(wanted: DesiredStacklet, good: DesiredStacklet, rolledBack: RolledBack): DesiredStacklet {
  const { state, requires, declared, update, driftIgnore, waitsFor, problems } = wanted
  return { ...good, state, requires, declared, update, driftIgnore, waitsFor, problems, rolledBack }
}
