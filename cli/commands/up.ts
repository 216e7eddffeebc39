import type { CommandContext } from './command.ts'
import { type DeclareOptions, declareAs } from './declare.ts'

export async function up(context: CommandContext, ids: readonly string[], options: DeclareOptions): Promise<number> {
  return declareAs('up', ids, options, context)
}
