import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe } from 'vitest'

import { withFolder as it } from './hook-folder.ts'

const program = fileURLToPath(new URL('./hook-in-terminal.ts', import.meta.url))

/** Gives words a terminal, types an answer once a question stands there, and answers what was seen. */
const terminal = `
import os, pty, sys
words, question, answer = sys.argv[3:], sys.argv[1], sys.argv[2]
pid, fd = pty.fork()
if pid == 0:
    os.execvp(words[0], words)
seen = b""
while True:
    try:
        chunk = os.read(fd, 4096)
    except OSError:
        break
    if not chunk:
        break
    seen += chunk
    if question and question.encode() in seen:
        os.write(fd, answer.encode() + b"\\n")
        question = ""
sys.stdout.write(seen.decode())
`

async function typed(question: string, answer: string, words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('python3', ['-c', terminal, question, answer, ...words])
  return stdout.replaceAll('\r', '')
}

describe('a hook on a terminal', () => {
  it('asks the person, who sees the question before its line ends', async ({ folder, expect }) => {
    const file = folder.write(
      'hooks/on_configure.py',
      'import sys\n\ndef run(ctx):\n    name = input("Server name: ")\n    ctx.step(f"{name} {sys.stdin.isatty()} {sys.stdout.isatty()}")\n',
    )
    const words = [process.execPath, '--import', import.meta.resolve('tsx'), program, folder.root, file]

    const seen = await typed('Server name: ', 'home.test', words)

    expect(seen).toBe('Server name: home.test\n[told] home.test True True\n[over]\n')
  })
})
