import { StackError } from '../../reconciler/index.ts'
import { exitCodes } from '../exit-codes.ts'
import { statusDocument, statusLines } from '../show/status.ts'
import type { CommandContext, JsonOption } from './command.ts'

export async function status(
  { terminal, reconciler }: CommandContext,
  id: string | undefined,
  { json }: JsonOption,
): Promise<number> {
  const all = await (await reconciler()).status('head', terminal.signal)
  const stacklets = id === undefined ? all.stacklets : all.stacklets.filter((one) => one.id === id)
  if (id !== undefined && stacklets.length === 0) throw unknown(id)
  const told = { ...all, stacklets }
  if (json === true) terminal.print(statusDocument(told))
  else for (const line of statusLines(told, terminal)) terminal.print(line)
  return exitCodes.done
}

function unknown(id: string): StackError {
  const hint = 'stack list shows what there is'
  return new StackError('STACK_UNKNOWN_STACKLET', `there is no stacklet ${id}`, { hint, terminal: true })
}
