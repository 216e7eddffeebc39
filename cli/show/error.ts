import { formatPosition, InvalidInstance, reportError, type StackError } from '../../reconciler/index.ts'
import type { Terminal } from '../terminal.ts'
import { document } from './json.ts'
import { problemLines } from './problems.ts'

/** An error for a person: what happened, the last words of what failed, what to do next. */
export function tellError(error: StackError, terminal: Terminal): void {
  if (error instanceof InvalidInstance) {
    for (const line of problemLines(error.problems, terminal)) terminal.tell(line)
    return
  }
  const where = error.at === undefined ? '' : `${formatPosition(error.at)}: `
  terminal.tell(`${terminal.paint('red', 'error:')} ${where}${error.message}`)
  for (const line of error.output) terminal.tell(`  | ${line}`)
  terminal.tell(`  ${error.hint}`)
}

/** The same for a program. */
export function errorDocument(error: StackError): string {
  const { code, message, hint, at } = reportError(error)
  return document({ ok: false, error: { code, message, hint, at } })
}
