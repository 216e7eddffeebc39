import { errorOf, type RunReport, reportError } from '../../reconciler/index.ts'
import type { Terminal } from '../terminal.ts'
import { document } from './json.ts'

/** How the run ended, for a person. Nothing for a run that had nothing to do: it is silent. */
export function reportLines(report: RunReport, { paint }: Terminal): readonly string[] {
  const { outcome, steps, notes } = report
  const done = stepsOf(steps.filter((step) => step.result === 'done').length)
  const at = report.revision?.slice(0, 7) ?? ''
  const told = notes.flatMap((note) => [`! ${note.kind}: ${note.message}`, `    ${note.hint}`])
  switch (outcome.kind) {
    case 'converged':
      return steps.length === 0 ? told : [...told, `${paint('green', 'Converged')} at ${at}: ${done} done.`]
    case 'waiting':
    case 'held':
      return [...told, `${paint('yellow', outcome.kind === 'held' ? 'Held' : 'Waiting')} at ${at}: ${done} done.`]
    case 'failed':
    case 'stalled':
      return [...told, `${paint('red', outcome.kind === 'failed' ? 'Failed' : 'Stalled')} at ${at}: ${counts(report)}.`]
  }
}

/** A person who has edited and not committed wonders why nothing happens. */
export function unseenLines({ unseen }: RunReport): readonly string[] {
  if (unseen.length === 0) return []
  const paths = unseen.join(' ')
  return [
    `! ${paths}: there are edits that are not committed, and a run does what is committed`,
    `    git commit ${paths}`,
  ]
}

function counts({ steps }: RunReport): string {
  const count = (result: string): number => steps.filter((step) => step.result === result).length
  return `${stepsOf(count('done'))} done, ${count('failed')} failed, ${count('skipped')} skipped`
}

function stepsOf(count: number): string {
  return `${count} ${count === 1 ? 'step' : 'steps'}`
}

export function reportDocument(report: RunReport): string {
  const error = errorOf(report.outcome)
  const told = error === null ? null : reportError(error)
  return document({
    ok: isWell(report),
    run: report.run,
    revision: report.revision,
    outcome: report.outcome.kind,
    rounds: report.rounds,
    steps: report.steps,
    notes: report.notes,
    error: told === null ? null : { code: told.code, message: told.message, hint: told.hint, at: told.at },
  })
}

/** What exits with 0. */
function isWell({ outcome }: RunReport): boolean {
  return outcome.kind === 'converged' || outcome.kind === 'waiting'
}
