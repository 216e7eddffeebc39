import type { Command } from 'commander'
import type { CommandContext, JsonOption } from './commands/command.ts'
import type { HoldOptions } from './commands/hold.ts'
import type { RollbackOptions } from './commands/rollback.ts'
import { command } from './define-command.ts'

/** What happened, what is left alone, and the way back. */
export function addPast(program: Command, context: CommandContext, finish: (code: number) => void): void {
  command(program, 'why <id>', 'why a stacklet is as it is, or does not change', 'stack why photos').action(
    async (id: string, options: JsonOption) =>
      finish(await (await import('./commands/why.ts')).why(context, id, options)),
  )
  command(program, 'history', 'every run that did something, newest first', 'stack history --json').action(
    async (options: JsonOption) => finish(await (await import('./commands/history.ts')).history(context, options)),
  )
  command(program, 'rollback [target]', 'declare again what a run or commit declared', 'stack rollback --only photos')
    .option('--only <id>', 'only this stacklet')
    .option('--yes', 'consent to what destroys data')
    .action(async (target: string | undefined, options: RollbackOptions) =>
      finish(await (await import('./commands/rollback.ts')).rollback(context, target, options)),
    )
  addHolding(program, context, finish)
}

function addHolding(program: Command, context: CommandContext, finish: (code: number) => void): void {
  command(program, 'hold <id>', 'leave a stacklet as it is, whatever happens', 'stack hold photos --for 2h')
    .option('--for <time>', 'how long: 30m, 2h, 7d; without it, until it is released')
    .option('--why <text>', 'what others read about it')
    .action(async (id: string, options: HoldOptions) =>
      finish(await (await import('./commands/hold.ts')).hold(context, id, options)),
    )
  command(program, 'release <id>', 'end a hold or a quarantine, and try again', 'stack release photos').action(
    async (id: string, options: JsonOption) =>
      finish(await (await import('./commands/release.ts')).release(context, id, options)),
  )
  command(
    program,
    'approve [digest]',
    'allow what is held; without a digest, show it',
    'stack approve 1a2b3c4d',
  ).action(async (digest: string | undefined, options: JsonOption) =>
    finish(await (await import('./commands/approve.ts')).approve(context, digest, options)),
  )
}
