import type { CommandContext } from './command.ts'
import { type DeclareOptions, declareAs } from './declare.ts'

export async function unpause(
  context: CommandContext,
  ids: readonly string[],
  options: DeclareOptions,
): Promise<number> {
  return declareAs('unpause', ids, options, context)
}
