import { exitCodes } from '../exit-codes.ts'
import { containerLines, containersDocument } from '../show/containers.ts'
import type { CommandContext, JsonOption } from './command.ts'

export async function ps(
  { terminal, reconciler }: CommandContext,
  id: string | undefined,
  { json }: JsonOption,
): Promise<number> {
  const containers = await (await reconciler()).containers(id ?? null, terminal.signal)
  if (json === true) terminal.print(containersDocument(containers))
  else for (const line of containerLines(containers)) terminal.print(line)
  return exitCodes.done
}
