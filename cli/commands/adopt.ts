import { exitCodes } from '../exit-codes.ts'
import { following } from '../follow.ts'
import { adoptDocument, adoptLines } from '../show/adopt.ts'
import type { CommandContext, JsonOption } from './command.ts'

export interface AdoptOptions extends JsonOption {
  readonly id?: string
  readonly dryRun?: boolean
}

/** Makes a stacklet of a running Compose project, or only says what that would be. */
export async function adopt(
  { terminal, reconciler }: CommandContext,
  project: string,
  options: AdoptOptions,
): Promise<number> {
  const { waitMs, onWait } = following(terminal, options)
  const isPreview = options.dryRun === true
  const request = { project, id: options.id ?? null, isPreview, waitMs, onWait }
  const adopted = await (await reconciler()).adopt(request, terminal.signal)
  if (options.json === true) terminal.print(adoptDocument(adopted, isPreview))
  else for (const line of adoptLines(adopted, isPreview, terminal)) terminal.print(line)
  return exitCodes.done
}
