import { Command } from 'commander'
import type { CommandContext, JsonOption } from './commands/command.ts'
import type { EnvOptions } from './commands/env.ts'
import type { PlanOptions } from './commands/plan.ts'
import type { ReconcileOptions } from './commands/reconcile.ts'
import type { UpdateOptions } from './commands/update.ts'
import { command, plainCommand } from './define-command.ts'
import { addPast } from './past.ts'
import { addAdopt, addBeginning, addDoctor, addTools } from './tools.ts'
import { addDeclaring, addOperating } from './verbs.ts'

/** Every command with its words; each is loaded when it is called. `finish` gets the exit code. */
export function buildProgram(context: CommandContext, finish: (code: number) => void): Command {
  const program = new Command('stack')
    .description('Keeps a Docker host equal to what a git repository says.')
    .helpCommand('help [command]', 'show help for a command')
    .option('-V, --version', 'print the version')
    .showSuggestionAfterError(true)
    .addHelpText('after', overview)
    .configureOutput({ writeOut: (text) => context.terminal.print(text.trimEnd()), writeErr: () => {} })
    .enablePositionalOptions()
    .exitOverride()
  addBeginning(program, context, finish)
  addAdopt(program, context, finish)
  addDoctor(program, context, finish)
  addReading(program, context, finish)
  addChanging(program, context, finish)
  addDeclaring(program, context, finish)
  addOperating(program, context, finish)
  addPast(program, context, finish)
  addTools(program, context, finish)
  return program
}

function addReading(program: Command, context: CommandContext, finish: (code: number) => void): void {
  command(program, 'status [id]', 'how everything stands; what bare `stack` shows', 'stack status photos').action(
    async (id: string | undefined, options: JsonOption) =>
      finish(await (await import('./commands/status.ts')).status(context, id, options)),
  )
  command(program, 'list', 'every stacklet there is, declared or not', 'stack list --json').action(
    async (options: JsonOption) => finish(await (await import('./commands/list.ts')).list(context, options)),
  )
  command(program, 'validate', 'check every file of the instance, no engine needed', 'stack validate').action(
    async (options: JsonOption) => finish(await (await import('./commands/validate.ts')).validate(context, options)),
  )
  command(program, 'plan [ids...]', 'show what would change, and change nothing', 'stack plan --ref HEAD')
    .option('--ref <rev>', 'plan a commit or branch; without it, the work tree')
    .option('--out <file>', 'seal the plan in a file, for stack up --plan')
    .action(async (ids: string[], options: PlanOptions) =>
      finish(await (await import('./commands/plan.ts')).plan(context, ids, options)),
    )
  command(program, 'env <id>', 'the environment a stacklet gets', 'stack env photos')
    .option('--show-secrets', 'print secret values instead of ***')
    .action(async (id: string, options: EnvOptions) =>
      finish(await (await import('./commands/env.ts')).env(context, id, options)),
    )
  command(program, 'version', 'print the version', 'stack version').action(async (options: JsonOption) =>
    finish(await (await import('./commands/version.ts')).version(context, options)),
  )
}

function addChanging(program: Command, context: CommandContext, finish: (code: number) => void): void {
  command(program, 'reconcile', 'make the host what the last commit says', 'stack reconcile')
    .option('--yes', 'consent to what destroys data, where a flag may')
    .action(async (options: ReconcileOptions) =>
      finish(await (await import('./commands/reconcile.ts')).reconcile(context, options)),
    )
  plainCommand(program, 'daemon', 'keep the host what git says, until it is told to stop', 'stack daemon').action(
    async () => finish(await (await import('./commands/daemon.ts')).daemon(context)),
  )
  command(program, 'update [ids...]', 'take new images, as far as their policy allows', 'stack update --check')
    .option('--check', 'only say what there is: nothing is pulled, nothing changes')
    .action(async (ids: string[], options: UpdateOptions) =>
      finish(await (await import('./commands/update.ts')).update(context, ids, options)),
    )
}

const overview = `
Example:
  $ stack plan && stack reconcile

Exit codes: 0 done or nothing to do, 1 failed, 2 changes pending (plan) or something held, 64 wrong usage.`
