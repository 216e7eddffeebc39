import type { Command } from 'commander'
import type { CommandContext, JsonOption } from './commands/command.ts'
import type { DeclareOptions } from './commands/declare.ts'
import type { UninstallOptions } from './commands/uninstall.ts'
import type { UpOptions } from './commands/up.ts'
import { command } from './define-command.ts'

const yes = ['--yes', 'consent to what destroys data'] as const
const noCommit = ['--no-commit', 'edit the desired file only; commit and run nothing'] as const

/** The verbs that declare: each edits the desired file, commits it, and converges what it needs. */
export function addDeclaring(program: Command, context: CommandContext, finish: (code: number) => void): void {
  command(program, 'up [ids...]', 'declare stacklets running and start them; without ids, all', 'stack up photos')
    .option('--plan <file>', 'execute a plan that stack plan --out sealed; declare nothing')
    .option(...noCommit)
    .option(...yes)
    .action(async (ids: string[], options: UpOptions) =>
      finish(await (await import('./commands/up.ts')).up(context, ids, options)),
    )
  command(program, 'down <ids...>', 'declare stacklets stopped and stop them; all: everything', 'stack down photos')
    .option(...noCommit)
    .option(...yes)
    .action(async (ids: string[], options: DeclareOptions) =>
      finish(await (await import('./commands/down.ts')).down(context, ids, options)),
    )
  command(program, 'destroy <ids...>', 'declare stacklets absent; data goes to the trash', 'stack destroy photos')
    .option('--purge', 'delete data, named volumes and secrets for good')
    .option(...noCommit)
    .option(...yes)
    .action(async (ids: string[], options: DeclareOptions) =>
      finish(await (await import('./commands/destroy.ts')).destroy(context, ids, options)),
    )
  command(program, 'pause <ids...>', 'declare stacklets paused and freeze them', 'stack pause photos')
    .option(...noCommit)
    .option(...yes)
    .action(async (ids: string[], options: DeclareOptions) =>
      finish(await (await import('./commands/pause.ts')).pause(context, ids, options)),
    )
  command(program, 'unpause <ids...>', 'declare paused stacklets running again', 'stack unpause photos')
    .option(...noCommit)
    .option(...yes)
    .action(async (ids: string[], options: DeclareOptions) =>
      finish(await (await import('./commands/unpause.ts')).unpause(context, ids, options)),
    )
}

/** The verbs that change nothing of what is declared. */
export function addOperating(program: Command, context: CommandContext, finish: (code: number) => void): void {
  command(program, 'restart <ids...>', 'stop stacklets and start them again', 'stack restart photos').action(
    async (ids: string[], options: JsonOption) =>
      finish(await (await import('./commands/restart.ts')).restart(context, ids, options)),
  )
  command(program, 'setup <ids...>', 'run on_install_success once more', 'stack setup photos').action(
    async (ids: string[], options: JsonOption) =>
      finish(await (await import('./commands/setup.ts')).setup(context, ids, options)),
  )
  command(program, 'uninstall', 'take everything of this instance off this host', 'stack uninstall --not photos')
    .option('--not <ids...>', 'keep these, and what they require')
    .option('--purge', 'delete data, volumes and secrets for good')
    .option(...yes)
    .action(async (options: UninstallOptions) =>
      finish(await (await import('./commands/uninstall.ts')).uninstall(context, options)),
    )
}
