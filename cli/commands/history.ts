import { exitCodes } from '../exit-codes.ts'
import { historyDocument, historyLines } from '../show/history.ts'
import type { CommandContext, JsonOption } from './command.ts'

export async function history({ terminal, reconciler }: CommandContext, { json }: JsonOption): Promise<number> {
  const runs = await (await reconciler()).history()
  if (json === true) terminal.print(historyDocument(runs))
  else for (const line of historyLines(runs, terminal)) terminal.print(line)
  return exitCodes.done
}
