import { exitCodes } from '../exit-codes.ts'
import { completionScript, type Shell } from '../show/completion.ts'
import type { CommandContext } from './command.ts'

export function completion({ terminal }: CommandContext, shell: Shell): number {
  terminal.print(completionScript(shell))
  return exitCodes.done
}
