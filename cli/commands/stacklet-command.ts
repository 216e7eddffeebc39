import { exitCodes } from '../exit-codes.ts'
import { commandLines } from '../show/stacklet-commands.ts'
import type { CommandContext } from './command.ts'

/** A stacklet's own command, its words untouched and its exit code ours. Without one, or with `--help`, what commands there are. */
export async function stackletCommand(
  { terminal, reconciler }: CommandContext,
  id: string,
  words: readonly string[],
): Promise<number> {
  const [command, ...args] = words
  const instance = await reconciler()
  if (command !== undefined && !isHelp(command)) return instance.runCommand({ id, command, args }, terminal.signal)
  for (const line of commandLines(id, await instance.commands(id, terminal.signal), terminal)) terminal.print(line)
  return exitCodes.done
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h'
}
