import { exitCodes } from '../exit-codes.ts'
import { following } from '../follow.ts'
import { heldDocument, heldLines } from '../show/held.ts'
import type { CommandContext, JsonOption } from './command.ts'
import { endedCode } from './reconcile.ts'

/** Without a digest, what is held; with one, that is allowed and done. */
export async function approve(
  context: CommandContext,
  digest: string | undefined,
  options: JsonOption,
): Promise<number> {
  const { terminal } = context
  const stack = await context.reconciler()
  if (digest === undefined) {
    const held = await stack.held(terminal.signal)
    if (options.json === true) terminal.print(heldDocument(held))
    else for (const line of heldLines(held)) terminal.print(line)
    return held.length > 0 ? exitCodes.held : exitCodes.done
  }
  const note = await stack.approve(digest, terminal.signal)
  terminal.tell(`Approved: ${note.message}.`)
  const request = { ...following(terminal, options), trigger: `stack approve ${note.digest}`, yes: false }
  return endedCode(await stack.reconcile(request, terminal.signal), options, context)
}
