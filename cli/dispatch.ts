import { type Command, CommanderError } from 'commander'
import type { CommandContext } from './commands/command.ts'
import { exitCodes } from './exit-codes.ts'

/** A call that is a stacklet's to answer. */
export interface StackletCall {
  readonly id: string
  /** Everything behind its id, as it is. */
  readonly words: readonly string[]
}

/**
 * `stack photos seed --json`: a first word that is no command of ours and a stacklet's id. Null where the words are ours; throws
 * for a word that is neither.
 */
export async function stackletCall(
  argv: readonly string[],
  program: Command,
  { stackletIds }: Pick<CommandContext, 'stackletIds'>,
): Promise<StackletCall | null> {
  const [first, ...words] = askedForHelp(argv) ?? argv
  if (first === undefined || first.startsWith('-') || isOurs(first, program)) return null
  const ids = await stackletIds()
  if (ids.includes(first)) return { id: first, words }
  throw await unknownWord(first, program, ids)
}

/** `help photos` is `photos --help`. */
function askedForHelp(argv: readonly string[]): readonly string[] | null {
  const [first, second] = argv.filter((word) => !word.startsWith('-'))
  return first === 'help' && second !== undefined ? [second, '--help'] : null
}

function isOurs(word: string, program: Command): boolean {
  return word === 'help' || program.commands.some((command) => command.name() === word)
}

async function unknownWord(word: string, program: Command, ids: readonly string[]): Promise<CommanderError> {
  const { closest } = await import('../reconciler/index.ts')
  const meant = closest(word, [...program.commands.map((command) => command.name()), 'help', ...ids])
  const message = `unknown command '${word}'${meant === null ? '' : ` (did you mean ${meant}?)`}`
  return new CommanderError(exitCodes.usage, 'commander.unknownCommand', message)
}
