import type { Declared, RunReport, Verb } from '../../reconciler/index.ts'
import { exitCodes } from '../exit-codes.ts'
import { following } from '../follow.ts'
import { declarationLine, doneLines, editDocument, editLine, welcomeLines } from '../show/declared.ts'
import { reportDocument } from '../show/run.ts'
import type { Terminal } from '../terminal.ts'
import type { CommandContext, JsonOption } from './command.ts'
import { codeOf, tellReport } from './reconcile.ts'

export interface DeclareOptions extends JsonOption {
  readonly yes?: boolean
  /** `--no-commit` makes it false. */
  readonly commit?: boolean
  readonly purge?: boolean
}

/** A verb that declares: says what it wrote, follows the run, and says what became of it. */
export async function declareAs(
  verb: Verb,
  ids: readonly string[],
  options: DeclareOptions,
  { terminal, reconciler }: CommandContext,
): Promise<number> {
  const isAll = (verb === 'up' || verb === 'down') && (ids.length === 0 || (ids.length === 1 && ids[0] === 'all'))
  const request = {
    ...following(terminal, options),
    verb,
    ids: isAll ? ('all' as const) : ids,
    commit: options.commit !== false,
    yes: options.yes === true,
    purge: options.purge === true,
    onDeclared: (edit: Parameters<typeof declarationLine>[1]) => {
      if (edit.revision !== null) terminal.tell(declarationLine(verb, edit))
    },
  }
  const declared = await (await reconciler()).declare(request, terminal.signal)
  if (options.json === true) terminal.print(documentOf(verb, declared))
  else tell(verb, declared, isAll, terminal)
  return declared.report === null ? exitCodes.done : codeOf(declared.report)
}

function documentOf(verb: Verb, declared: Declared): string {
  return declared.report === null ? editDocument(verb, declared) : reportDocument(declared.report)
}

function tell(verb: Verb, declared: Declared, isAll: boolean, terminal: Terminal): void {
  const { report, changed, welcomes } = declared
  if (report !== null && !isIdle(report, changed)) tellReport(report, { terminal })
  for (const line of linesFor(verb, declared, isAll)) terminal.print(line)
  for (const line of welcomeLines(welcomes, terminal)) terminal.print(line)
}

function isIdle({ outcome, steps, notes }: RunReport, changed: readonly string[]): boolean {
  return outcome.kind === 'converged' && steps.length === 0 && notes.length === 0 && changed.length === 0
}

function linesFor(verb: Verb, declared: Declared, isAll: boolean): readonly string[] {
  const { report, changed } = declared
  if (report === null) return [editLine(verb, declared)]
  if (!isIdle(report, changed)) return doneLines(verb, declared)
  return [isAll && verb === 'down' ? 'Nothing was running.' : 'Nothing to do.']
}
