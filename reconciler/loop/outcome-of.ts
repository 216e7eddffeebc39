import { type ErrorCode, StackError } from '../model/errors.ts'
import type { StepResult } from '../model/event.ts'
import type { StackletId } from '../model/names.ts'
import type { Note } from '../plan/step.ts'
import type { Outcome } from './outcome.ts'
import type { RunContext } from './run-context.ts'

/** How a run ends that has nothing more to do, by what its plan tells. */
export function outcomeOf(notes: readonly Note[]): Outcome {
  const stalled = notes.find((note) => codes[note.kind] !== undefined)
  if (stalled !== undefined) return { kind: 'stalled', error: stall(stalled) }
  const held = notes.filter((note) => note.kind === 'held')
  if (held.length > 0) return { kind: 'held', notes: held }
  const waiting = notes.filter((note) => note.kind === 'waiting' || note.kind === 'retry')
  return waiting.length > 0 ? { kind: 'waiting', notes: waiting } : { kind: 'converged' }
}

/** What notes that stall a run are called as errors. */
const codes: Partial<Readonly<Record<Note['kind'], ErrorCode>>> = {
  stalled: 'STACK_INVALID',
  conflict: 'STACK_FOREIGN',
  quarantined: 'STACK_QUARANTINED',
  degraded: 'STACK_FLAPPING',
}

export interface Failure {
  readonly results: readonly StepResult[]
  readonly error: StackError
}

interface Fallen {
  /** Stacklets that went back for it. */
  readonly fallen: readonly StackletId[]
  /** Null where that went well. */
  readonly goingBack: StackError | null
}

/** A hook that has to ask a person fails without one; that is no failure, and trying again cannot help. */
export function outcomeOfFailure(
  { results, error, fallen, goingBack }: Failure & Fallen,
  { isInteractive }: Pick<RunContext, 'isInteractive'>,
): Outcome {
  const failed = results.filter((result) => result.result === 'failed')
  if (error.code === 'STACK_SUPERSEDED') return { kind: 'waiting', notes: [newerCommit(error)] }
  const others = failed.filter(({ stacklet }) => stacklet === null || !fallen.includes(stacklet))
  if (fallen.length > 0 && others.length === 0) return goingBack === null ? wentBack(fallen, error) : failing(goingBack)
  const asks = (result: StepResult): boolean => result.kind === 'run-hook' && result.id.endsWith(' on_configure')
  if (isInteractive || failed.length === 0 || !failed.every(asks)) return failing(error)
  return { kind: 'waiting', notes: failed.map(needsTerminal) }
}

function failing(error: StackError): Outcome {
  return { kind: 'failed', error }
}

function newerCommit({ message, hint }: StackError): Note {
  return { kind: 'waiting', stacklet: null, message, hint, digest: null }
}

function wentBack(fallen: readonly StackletId[], { message, output }: StackError): Outcome {
  const who = fallen.join(', ')
  const error = new StackError('STACK_QUARANTINED', `${who} went back to the last good version: ${message}`, {
    hint: `mend it in git, or try it again: stack release ${fallen[0]}`,
    output,
    terminal: true,
  })
  return { kind: 'stalled', error }
}

function needsTerminal({ stacklet, error }: StepResult): Note {
  const message = `${stacklet} has to be configured by a person: ${error?.message}`
  return { kind: 'waiting', stacklet, message, hint: `run stack up ${stacklet} on a terminal`, digest: null }
}

function stall(note: Note): StackError {
  return new StackError(codes[note.kind] ?? 'STACK_INVALID', note.message, { hint: note.hint, terminal: true })
}
