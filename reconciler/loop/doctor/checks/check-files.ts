import { type Check, error, ok, warning } from '../../../model/check.ts'
import { formatPosition } from '../../../model/problem.ts'
import type { Facts, InstanceFacts } from '../facts.ts'
import { isAtLeast } from './check-programs.ts'

export function checkInstance({ place }: Facts): readonly Check[] {
  if (place.kind === 'instance') return [ok('instance', place.folder)]
  return [error('instance', place.problem.message, `${place.problem.hint}; stack init makes one`)]
}

/** Only whether they can be read and what stops a run: `stack validate` has the rest. */
export function checkFiles({ desired, problem, brokenLedger }: InstanceFacts): readonly Check[] {
  if (problem !== null) {
    const where = problem.at === undefined ? '' : `${formatPosition(problem.at)}: `
    return problem.code === 'STACK_GIT_FAILED' ? [] : [error('files', `${where}${problem.message}`, problem.hint)]
  }
  if (desired === null) return []
  const stacklets = desired.stacklets.flatMap((one) => one.problems)
  const errors = [...new Set([...desired.problems, ...stacklets])].filter(({ level }) => level === 'error')
  const [first] = errors
  if (first !== undefined) {
    const where = first.at === null ? '' : `${formatPosition(first.at)}: `
    const more = errors.length === 1 ? '' : `, and ${errors.length - 1} more`
    return [error('files', `${where}${first.message}${more}`, 'stack validate lists every complaint with its cure')]
  }
  const count = `${desired.stacklets.length} declared, ${desired.undeclared.length} more here`
  if (brokenLedger.length === 0) return [ok('files', `stacklets: ${count}`)]
  const message = `${brokenLedger.join(', ')} of .stack/ledger cannot be read, and counts as never applied`
  return [warning('files', message, 'the next run writes it anew: stack reconcile')]
}

/** core is copied when an instance is made, and does not follow this program by itself. */
export function checkCore({ look }: InstanceFacts): readonly Check[] {
  const { here, shipped } = look.core
  if (here === null || shipped === null) return []
  if (isAtLeast(here, shipped)) return [ok('core', `stacklets/core is version ${here}`)]
  const hint = 'take the files of stacklets/core from the installed package stackloop, look, and commit them'
  return [warning('core', `stacklets/core is version ${here}, and this program ships ${shipped}`, hint)]
}

/** What was set up here and is in no directory and no ledger any more: nobody looks after its data. */
export function checkMarkers({ look, ledger }: InstanceFacts): readonly Check[] {
  const lost = look.setUp.filter((id) => !look.directories.includes(id) && ledger[id] === undefined)
  if (lost.length === 0) return [ok('markers', 'every stacklet that was set up here is known')]
  return lost.map((id) => {
    const message = `${id} was set up here, and stacklets/${id}/ is gone`
    const hint = `bring it back from git, or forget it for good: rm .stack/${id}.setup-done`
    return warning('markers', message, hint)
  })
}
