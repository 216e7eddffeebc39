import { StackError } from '../../reconciler/index.ts'
import { following } from '../follow.ts'
import { readPlanFile } from '../plan-file.ts'
import type { CommandContext } from './command.ts'
import { type DeclareOptions, declareAs } from './declare.ts'
import { endedCode } from './reconcile.ts'

export interface UpOptions extends DeclareOptions {
  readonly plan?: string
}

export async function up(context: CommandContext, ids: readonly string[], options: UpOptions): Promise<number> {
  const { plan, ...rest } = options
  return plan === undefined ? declareAs('up', ids, rest, context) : execute(plan, ids, rest, context)
}

/** Executes a sealed plan: nothing is declared and nothing committed. */
async function execute(
  file: string,
  ids: readonly string[],
  options: DeclareOptions,
  context: CommandContext,
): Promise<number> {
  if (ids.length > 0) throw usage('a sealed plan says itself what it is for', `stack up --plan ${file}`)
  if (options.commit === false) throw usage('--no-commit runs nothing, and --plan commits nothing', 'leave one out')
  const { terminal, reconciler } = context
  const text = await readPlanFile(file, terminal.cwd)
  const report = await (await reconciler()).runSealed({ ...following(terminal, options), text, file }, terminal.signal)
  return endedCode(report, options, context)
}

function usage(message: string, hint: string): StackError {
  return new StackError('STACK_USAGE', message, { hint })
}
