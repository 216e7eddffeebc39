import { StackError } from '../../reconciler/index.ts'
import { exitCodes } from '../exit-codes.ts'
import { logPrinter } from '../show/logs.ts'
import type { CommandContext } from './command.ts'

export interface LogsOptions {
  readonly follow?: boolean
  /** A number of lines, or `all`. */
  readonly tail: string
}

export async function logs(
  { terminal, reconciler }: CommandContext,
  id: string,
  { follow, tail }: LogsOptions,
): Promise<number> {
  const watch = logPrinter(terminal)
  await (await reconciler()).logs({ id, tail: linesIn(tail), follow: follow === true, watch }, terminal.signal)
  if (watch.isAlone()) terminal.tell(`${id} has no containers: stack status ${id} says why.`)
  else if (watch.isSilent()) terminal.tell(`${id} has printed nothing.`)
  return exitCodes.done
}

function linesIn(tail: string): number | null {
  if (tail === 'all') return null
  if (/^\d{1,9}$/.test(tail)) return Number(tail)
  const hint = 'write a number of lines, or all: stack logs photos --tail 50'
  throw new StackError('STACK_USAGE', `--tail ${tail} is neither a number nor "all"`, { hint, terminal: true })
}
