import type { StackletCommand } from '../../reconciler/index.ts'
import type { Terminal } from '../terminal.ts'
import { table } from './table.ts'

/** What a stacklet can be told to do. */
export function commandLines(id: string, commands: readonly StackletCommand[], { paint }: Terminal): readonly string[] {
  if (commands.length === 0)
    return [`${id} has no commands of its own: a file stacklets/${id}/cli/NAME.ts (js, py) makes one.`]
  const rows = commands.map(({ name, help }) => [`  ${name}`, help.split('\n')[0] ?? ''])
  const [first] = commands
  return [
    `Usage: stack ${id} COMMAND [ARGS…]`,
    '',
    paint('bold', 'Commands:'),
    ...table(rows),
    '',
    'Example:',
    `  $ stack ${id} ${first?.name}`,
  ]
}
