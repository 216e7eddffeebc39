import { exitCodes } from '../exit-codes.ts'
import { problemLines, problemsDocument } from '../show/problems.ts'
import type { CommandContext, JsonOption } from './command.ts'

export async function validate({ terminal, reconciler }: CommandContext, { json }: JsonOption): Promise<number> {
  const problems = await (await reconciler()).validate(terminal.signal)
  const errors = problems.filter((problem) => problem.level === 'error').length
  if (json === true) terminal.print(problemsDocument(problems))
  else
    for (const line of textOf(problemLines(problems, terminal), errors, problems.length - errors)) terminal.print(line)
  return errors === 0 ? exitCodes.done : exitCodes.failed
}

function textOf(lines: readonly string[], errors: number, warnings: number): readonly string[] {
  if (lines.length === 0) return ['Valid.']
  return [
    ...lines,
    '',
    `${errors} ${errors === 1 ? 'error' : 'errors'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}.`,
  ]
}
