import { fileURLToPath } from 'node:url'
import { describe } from 'vitest'

import { onTerminal } from '../../support/on-terminal.ts'
import { withFolder as it } from './hook-folder.ts'

const program = fileURLToPath(new URL('./hook-in-terminal.ts', import.meta.url))

describe('a hook on a terminal', () => {
  it('asks the person, who sees the question before its line ends', async ({ folder, expect }) => {
    const file = folder.write(
      'hooks/on_configure.py',
      'import sys\n\ndef run(ctx):\n    name = input("Server name: ")\n    ctx.step(f"{name} {sys.stdin.isatty()} {sys.stdout.isatty()}")\n',
    )
    const words = [process.execPath, '--import', import.meta.resolve('tsx'), program, folder.root, file]

    const { seen } = await onTerminal({ words, typed: { at: 'Server name: ', keys: 'home.test\n' } })

    expect(seen.replaceAll('\r', '')).toBe('Server name: home.test\n[told] home.test True True\n[over]\n')
  })
})
