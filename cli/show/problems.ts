import { formatPosition, type Problem } from '../../reconciler/index.ts'
import type { Terminal } from '../terminal.ts'
import { document } from './json.ts'

/** Complaints for a person: place and message, then what to do. */
export function problemLines(problems: readonly Problem[], { paint }: Terminal): readonly string[] {
  return problems.flatMap((problem) => {
    const where = problem.at === null ? '' : `${formatPosition(problem.at)}: `
    const level = problem.level === 'error' ? paint('red', 'error:') : paint('yellow', 'warning:')
    return [`${where}${level} ${problem.message}`, `    ${problem.hint}`]
  })
}

export function problemsDocument(problems: readonly Problem[]): string {
  const told = problems.map(({ level, code, message, hint, at }) => ({
    level,
    code,
    message,
    hint,
    at: at === null ? null : formatPosition(at),
  }))
  return document({ ok: problems.every((problem) => problem.level !== 'error'), problems: told })
}
