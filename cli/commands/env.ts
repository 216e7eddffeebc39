import { exitCodes } from '../exit-codes.ts'
import { envDocument, envLines } from '../show/env.ts'
import type { CommandContext, JsonOption } from './command.ts'

export interface EnvOptions extends JsonOption {
  readonly showSecrets?: boolean
}

export async function env({ terminal, reconciler }: CommandContext, id: string, options: EnvOptions): Promise<number> {
  const rendered = await (await reconciler()).env(id, terminal.signal)
  const showSecrets = options.showSecrets === true
  if (options.json === true) terminal.print(envDocument(id, rendered, showSecrets))
  else for (const line of envLines(rendered, showSecrets)) terminal.print(line)
  return exitCodes.done
}
