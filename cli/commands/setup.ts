import type { CommandContext, JsonOption } from './command.ts'
import { operateOn } from './operate.ts'

export async function setup(context: CommandContext, ids: readonly string[], options: JsonOption): Promise<number> {
  return operateOn('setup', ids, options, context)
}
