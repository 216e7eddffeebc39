import { InvalidInstance } from '../model/errors.ts'
import type { StackletCommand } from '../ports/hook-host.ts'
import type { World } from '../ports/world.ts'
import { stackletContext } from './handlers/stacklet-context.ts'
import { loadDesired } from './load-desired.ts'
import { idsOf, unknownStacklet } from './preview.ts'

export interface RunCommand {
  readonly id: string
  readonly command: string
  readonly args: readonly string[]
  /** For `~` in paths. */
  readonly home: string
}

/** Runs a stacklet's own command as its directory lies there, with the values of now, declared or not. Answers its exit code. */
export async function runCommand(world: World, request: RunCommand, signal: AbortSignal): Promise<number> {
  const { desired, everyStacklet } = await loadDesired(world, 'work-tree', request.home, signal)
  const everyone = everyStacklet()
  const wanted = everyone.find((one) => one.id === request.id)
  if (wanted === undefined) throw unknownStacklet(request.id, idsOf(everyone))
  const errors = wanted.problems.filter((problem) => problem.level === 'error')
  if (errors.length > 0) throw new InvalidInstance(errors)
  const context = await stackletContext(wanted, { world, desired })
  return world.commands.run({ id: wanted.id, command: request.command, args: request.args, context }, signal)
}

/** What a stacklet can be told to do. Executes nothing. */
export async function listCommands(
  world: World,
  id: string,
  home: string,
  signal: AbortSignal,
): Promise<readonly StackletCommand[]> {
  const { everyStacklet } = await loadDesired(world, 'work-tree', home, signal)
  const everyone = everyStacklet()
  const wanted = everyone.find((one) => one.id === id)
  if (wanted === undefined) throw unknownStacklet(id, idsOf(everyone))
  return world.commands.list(wanted.id)
}
