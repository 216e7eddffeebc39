import { following } from '../follow.ts'
import { reportDocument } from '../show/run.ts'
import type { CommandContext, JsonOption } from './command.ts'
import { codeOf, tellReport } from './reconcile.ts'

/** An operation: it changes nothing of what is declared. */
export async function operateOn(
  operation: 'restart' | 'setup',
  ids: readonly string[],
  { json }: JsonOption,
  { terminal, reconciler }: CommandContext,
): Promise<number> {
  const request = { ...following(terminal), operation, ids, yes: false }
  const report = await (await reconciler()).operate(request, terminal.signal)
  if (json === true) terminal.print(reportDocument(report))
  else tellReport(report, { terminal })
  return codeOf(report)
}
