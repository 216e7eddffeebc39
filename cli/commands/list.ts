import { exitCodes } from '../exit-codes.ts'
import { listDocument, listLines } from '../show/list.ts'
import type { CommandContext, JsonOption } from './command.ts'

export async function list({ terminal, reconciler }: CommandContext, { json }: JsonOption): Promise<number> {
  const status = await (await reconciler()).status('work-tree', terminal.signal)
  if (json === true) terminal.print(listDocument(status))
  else for (const line of listLines(status, terminal)) terminal.print(line)
  return exitCodes.done
}
