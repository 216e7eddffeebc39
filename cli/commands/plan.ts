import type { Preview, Reconciler } from '../../reconciler/index.ts'
import { exitCodes } from '../exit-codes.ts'
import { writePlanFile } from '../plan-file.ts'
import { planDocument, planLines, sealedLine } from '../show/plan.ts'
import { problemLines } from '../show/problems.ts'
import type { Terminal } from '../terminal.ts'
import type { CommandContext, JsonOption } from './command.ts'

export interface PlanOptions extends JsonOption {
  readonly ref?: string
  readonly out?: string
}

export async function plan(
  { terminal, reconciler }: CommandContext,
  ids: readonly string[],
  options: PlanOptions,
): Promise<number> {
  const preview = await previewFor(await reconciler(), ids, options, terminal)
  if (options.json === true) terminal.print(planDocument(preview))
  else {
    const warnings = preview.desired.problems.filter((problem) => problem.level === 'warning')
    for (const line of problemLines(warnings, terminal)) terminal.tell(line)
    for (const line of planLines(preview, terminal)) terminal.print(line)
    if (options.out !== undefined) terminal.print(sealedLine(options.out))
  }
  return codeOf(preview)
}

async function previewFor(
  reconciler: Reconciler,
  ids: readonly string[],
  { ref, out }: PlanOptions,
  { cwd, signal }: Terminal,
): Promise<Preview> {
  const request = { ids, ref: ref ?? null }
  if (out === undefined) return reconciler.plan(request, signal)
  const sealed = await reconciler.seal(request, signal)
  await writePlanFile(out, sealed.text, cwd)
  return sealed
}

function codeOf({ plan }: Preview): number {
  if (plan.notes.some((note) => note.kind === 'stalled' || note.kind === 'conflict')) return exitCodes.failed
  return plan.steps.length > 0 ? exitCodes.pending : exitCodes.done
}
