import { errorOf, InvalidInstance, type RunReport } from '../../reconciler/index.ts'
import { exitCodes } from '../exit-codes.ts'
import { following } from '../follow.ts'
import { tellError } from '../show/error.ts'
import { reportDocument, reportLines, unseenLines } from '../show/run.ts'
import type { CommandContext, JsonOption } from './command.ts'

export interface ReconcileOptions extends JsonOption {
  readonly yes?: boolean
}

export async function reconcile(context: CommandContext, options: ReconcileOptions): Promise<number> {
  const { terminal, reconciler } = context
  const request = {
    ...following(terminal, options),
    trigger: 'stack reconcile',
    followsGit: true,
    yes: options.yes === true,
  }
  return endedCode(await (await reconciler()).reconcile(request, terminal.signal), options, context)
}

/** Says how a run ended, and answers its exit code. */
export function endedCode(report: RunReport, { json }: JsonOption, context: CommandContext): number {
  if (json === true) context.terminal.print(reportDocument(report))
  else tellReport(report, context)
  return codeOf(report)
}

/** How a run ended, for a person. What its progress told already is not told twice. */
export function tellReport(report: RunReport, { terminal }: Pick<CommandContext, 'terminal'>): void {
  const error = errorOf(report.outcome)
  const wasTold =
    report.steps.some((step) => step.result === 'failed') ||
    report.notes.some((note) => note.message === error?.message)
  if (error !== null && (error instanceof InvalidInstance || !wasTold)) tellError(error, terminal)
  for (const line of reportLines(report, terminal)) terminal.print(line)
  if (report.outcome.kind === 'converged' && report.steps.length === 0) {
    terminal.tell(`Nothing to do at ${report.revision?.slice(0, 7)}.`)
  }
  for (const line of unseenLines(report)) terminal.tell(line)
}

export function codeOf({ outcome }: RunReport): number {
  switch (outcome.kind) {
    case 'converged':
    case 'waiting':
      return exitCodes.done
    case 'held':
      return exitCodes.held
    case 'failed':
    case 'stalled':
      return exitCodes.failed
  }
}
