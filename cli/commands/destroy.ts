import { askWord } from '../ask.ts'
import { exitCodes } from '../exit-codes.ts'
import type { CommandContext } from './command.ts'
import { type DeclareOptions, declareAs } from './declare.ts'

/** A person at a terminal types the word; elsewhere what destroys data is held, and the rest is done. */
export async function destroy(
  context: CommandContext,
  ids: readonly string[],
  options: DeclareOptions,
): Promise<number> {
  const { terminal } = context
  if (options.yes === true || !terminal.isInteractive || options.commit === false) {
    return declareAs('destroy', ids, options, context)
  }
  terminal.tell(warning(ids, options.purge === true))
  if (await askWord('destroy', terminal)) return declareAs('destroy', ids, { ...options, yes: true }, context)
  terminal.print('Nothing was changed.')
  return exitCodes.done
}

function warning(ids: readonly string[], isPurge: boolean): string {
  const fate = isPurge
    ? 'Data, named volumes and secrets are deleted for good.'
    : 'Data goes to the trash, secrets stay.'
  return `This removes ${ids.join(', ')} from this host. ${fate}`
}
