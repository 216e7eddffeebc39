import type { Argument, Command } from 'commander'
import type { CommandContext } from './command.ts'

/** What the last of these words could become, given those before it. A shell asks at every press of a key: no engine, no parsing. */
export async function complete(program: Command, context: CommandContext, words: readonly string[]): Promise<void> {
  const last = words.at(-1) ?? ''
  const found = await candidates(program, context, words.slice(0, -1), last)
  const fitting = [...new Set(found)].filter((word) => word.startsWith(last)).sort()
  if (fitting.length > 0) context.terminal.print(fitting.join('\n'))
}

async function candidates(
  program: Command,
  context: CommandContext,
  before: readonly string[],
  last: string,
): Promise<readonly string[]> {
  const [first, ...rest] = before
  if (first === undefined) return [...namesIn(program), 'help', ...(await context.stackletIds()), ...optionsOf(program)]
  if (first === 'help') return rest.length === 0 ? [...namesIn(program), ...(await context.stackletIds())] : []
  const command = program.commands.find((one) => one.name() === first)
  if (command !== undefined) return within(command, context, rest, last)
  if (rest.length > 0 || !(await context.stackletIds()).includes(first)) return []
  return [...(await context.stackletCommands(first)), '--help']
}

async function within(
  command: Command,
  context: CommandContext,
  before: readonly string[],
  last: string,
): Promise<readonly string[]> {
  const sub = command.commands.find((one) => one.name() === before[0])
  if (sub !== undefined) return within(sub, context, before.slice(1), last)
  if (before.includes('--')) return []
  if (isValueOf(command, before.at(-1))) return []
  if (last.startsWith('-')) return optionsOf(command)
  const given = before.filter((word, index) => !word.startsWith('-') && !isValueOf(command, before[index - 1])).length
  const argument =
    command.registeredArguments[given] ?? command.registeredArguments.filter((one) => one.variadic).at(-1)
  const own = given === 0 ? namesIn(command) : []
  return [...own, ...(argument === undefined ? [] : await valuesOf(argument, context, before))]
}

/** Whether what stands behind this word is the value of an option: a file, a commit. The shell knows files by itself. */
function isValueOf({ options }: Command, word: string | undefined): boolean {
  const takes = options.filter((option) => option.required && !option.variadic)
  return word !== undefined && takes.some(({ long, short }) => word === long || word === short)
}

async function valuesOf(
  argument: Argument,
  context: CommandContext,
  before: readonly string[],
): Promise<readonly string[]> {
  if (argument.argChoices !== undefined) return argument.argChoices
  if (argument.name() !== 'id' && argument.name() !== 'ids') return []
  return (await context.stackletIds()).filter((id) => !before.includes(id))
}

function namesIn(command: Command): readonly string[] {
  return command.commands.map((one) => one.name())
}

function optionsOf(command: Command): readonly string[] {
  return [...command.options.flatMap((option) => option.long ?? []), '--help']
}
