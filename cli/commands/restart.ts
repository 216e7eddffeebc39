import type { CommandContext, JsonOption } from './command.ts'
import { operateOn } from './operate.ts'

export async function restart(context: CommandContext, ids: readonly string[], options: JsonOption): Promise<number> {
  return operateOn('restart', ids, options, context)
}
