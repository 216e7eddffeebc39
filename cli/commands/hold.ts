import { parseDuration, StackError } from '../../reconciler/index.ts'
import { exitCodes } from '../exit-codes.ts'
import { holdDocument, holdLine } from '../show/hold.ts'
import type { CommandContext, JsonOption } from './command.ts'

export interface HoldOptions extends JsonOption {
  readonly for?: string
  readonly why?: string
}

export async function hold(
  { terminal, reconciler }: CommandContext,
  id: string,
  { for: time, why = 'somebody asked for it', json }: HoldOptions,
): Promise<number> {
  const forMs = time === undefined ? null : parseDuration(time)
  if (time !== undefined && forMs === null) throw noDuration(time)
  const held = await (await reconciler()).hold({ id, why, forMs }, terminal.signal)
  terminal.print(json === true ? holdDocument(id, held) : holdLine(id, held))
  return exitCodes.done
}

function noDuration(time: string): StackError {
  return new StackError('STACK_USAGE', `--for ${time} is no time`, { hint: 'write 30m, 2h or 7d', terminal: true })
}
