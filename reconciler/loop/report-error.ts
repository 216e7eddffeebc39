import { StackError } from '../model/errors.ts'
import type { ReportedError } from '../model/event.ts'
import { formatPosition } from '../model/problem.ts'

/** Any throw as an error of ours; what is not ours is a bug and says so. */
export function asStackError(thrown: unknown): StackError {
  if (thrown instanceof StackError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new StackError('STACK_BUG', `something went wrong that should not have: ${message}`, {
    hint: 'run the command again with STACK_LOG=debug, and report what it prints',
    cause: thrown,
  })
}

/** What happened and what to do about it, in one line. */
export function errorAndRemedy(thrown: unknown): string {
  const { message, hint } = asStackError(thrown)
  return `${message}; ${hint}`
}

/** An error as it is stored, printed and sent. */
export function reportError(error: StackError): ReportedError {
  return {
    code: error.code,
    message: error.message,
    hint: error.hint,
    at: error.at === undefined ? null : formatPosition(error.at),
    output: error.output,
  }
}
