import { exitCodes } from '../exit-codes.ts'
import { following } from '../follow.ts'
import { looking } from '../looking.ts'
import { updateDocument, updateLines } from '../show/update.ts'
import type { CommandContext, JsonOption } from './command.ts'

export interface UpdateOptions extends JsonOption {
  readonly check?: boolean
}

/** Says what there is for every image, and without `--check` takes what its policy allows now. */
export async function update(
  { terminal, reconciler }: CommandContext,
  ids: readonly string[],
  options: UpdateOptions,
): Promise<number> {
  const onLook = looking(terminal)
  const request = { ...following(terminal, options), onLook, ids, isCheck: options.check === true }
  const report = await (await reconciler()).update(request, terminal.signal)
  if (options.json === true) terminal.print(updateDocument(report))
  else for (const line of updateLines(report, terminal)) terminal.print(line)
  for (const note of report.notes) terminal.tell(`! ${note}`)
  const isBad = report.images.some(({ decision }) => ['failed', 'quarantined'].includes(decision))
  return isBad || report.failed ? exitCodes.failed : exitCodes.done
}
