import type { CommandContext } from './command.ts'
import { type DeclareOptions, declareAs } from './declare.ts'

export async function pause(context: CommandContext, ids: readonly string[], options: DeclareOptions): Promise<number> {
  return declareAs('pause', ids, options, context)
}
