import type { CommandContext } from './command.ts'
import { type DeclareOptions, declareAs } from './declare.ts'

export async function down(context: CommandContext, ids: readonly string[], options: DeclareOptions): Promise<number> {
  return declareAs('down', ids, options, context)
}
