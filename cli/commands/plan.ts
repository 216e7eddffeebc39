import type { Preview } from '../../reconciler/index.ts'
import { exitCodes } from '../exit-codes.ts'
import { planDocument, planLines } from '../show/plan.ts'
import { problemLines } from '../show/problems.ts'
import type { CommandContext, JsonOption } from './command.ts'

export interface PlanOptions extends JsonOption {
  readonly ref?: string
}

export async function plan(
  { terminal, reconciler }: CommandContext,
  ids: readonly string[],
  options: PlanOptions,
): Promise<number> {
  const preview = await (await reconciler()).plan({ ids, ref: options.ref ?? null }, terminal.signal)
  if (options.json === true) terminal.print(planDocument(preview))
  else {
    const warnings = preview.desired.problems.filter((problem) => problem.level === 'warning')
    for (const line of problemLines(warnings, terminal)) terminal.tell(line)
    for (const line of planLines(preview, terminal)) terminal.print(line)
  }
  return codeOf(preview)
}

function codeOf({ plan }: Preview): number {
  if (plan.notes.some((note) => note.kind === 'stalled' || note.kind === 'conflict')) return exitCodes.failed
  return plan.steps.length > 0 ? exitCodes.pending : exitCodes.done
}
