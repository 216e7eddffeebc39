import { following } from '../follow.ts'
import { reportDocument } from '../show/run.ts'
import type { CommandContext, JsonOption } from './command.ts'
import { codeOf, tellReport } from './reconcile.ts'

/** An operation: it changes nothing of what is declared. */
export async function operateOn(
  operation: 'restart' | 'setup',
  ids: readonly string[],
  options: JsonOption,
  { terminal, reconciler }: CommandContext,
): Promise<number> {
  const request = { ...following(terminal, options), operation, ids, yes: false }
  const report = await (await reconciler()).operate(request, terminal.signal)
  if (options.json === true) terminal.print(reportDocument(report))
  else tellReport(report, { terminal })
  return codeOf(report)
}
