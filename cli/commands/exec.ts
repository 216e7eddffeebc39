import { StackError } from '../../reconciler/index.ts'
import type { CommandContext } from './command.ts'

/** What stands behind `--` runs in a container, as it is, and its exit code is ours. */
export async function exec(
  { terminal, reconciler, behindDashes }: CommandContext,
  id: string,
  service: string | undefined,
): Promise<number> {
  if (behindDashes === null || behindDashes.length === 0) throw noCommand(id)
  return (await reconciler()).exec({ id, service: service ?? null, argv: behindDashes }, terminal.signal)
}

function noCommand(id: string): StackError {
  const hint = `write it behind two dashes: stack exec ${id} -- sh`
  return new StackError('STACK_USAGE', 'exec needs a command to run', { hint, terminal: true })
}
