import { following } from '../follow.ts'
import { restoredLines } from '../show/restored.ts'
import type { CommandContext, JsonOption } from './command.ts'
import { endedCode } from './reconcile.ts'

export interface RollbackOptions extends JsonOption {
  readonly only?: string
  readonly yes?: boolean
}

export async function rollback(
  context: CommandContext,
  target: string | undefined,
  options: RollbackOptions,
): Promise<number> {
  const { terminal } = context
  const request = {
    ...following(terminal, options),
    target: target ?? null,
    only: options.only ?? null,
    yes: options.yes === true,
    onRestored: (restored: Parameters<typeof restoredLines>[0]) => {
      for (const line of restoredLines(restored)) terminal.tell(line)
    },
  }
  const { report } = await (await context.reconciler()).rollBack(request, terminal.signal)
  return endedCode(report, options, context)
}
