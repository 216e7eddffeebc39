import { run } from '../../../reconciler/adapters/process/run.ts'
import { commandLine, type Instance } from './instance.ts'

/** Gives a program a terminal, types keys once some words stand on the screen, and says what was seen and how it ended. */
const terminal = `
import json, os, pty, sys
words, typing = json.loads(sys.argv[1]), json.loads(sys.argv[2])
pid, fd = pty.fork()
if pid == 0:
    os.execvp(words[0], words)
seen, since = b"", 0
while True:
    try:
        chunk = os.read(fd, 4096)
    except OSError:
        break
    if not chunk:
        break
    seen += chunk
    while typing and typing[0][0].encode() in seen[since:]:
        since = seen.index(typing[0][0].encode(), since) + len(typing[0][0].encode())
        os.write(fd, typing.pop(0)[1].encode())
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(status) & 255)
`

/** What has to stand on the screen, and what is typed then. */
export type Typing = readonly (readonly [seen: string, keys: string])[]

export interface Screen {
  readonly code: number | null
  /** As it came, with its escapes and carriage returns. */
  readonly screen: string
}

/** Runs a command of the program as a person at a terminal would, without `CI` and `NO_COLOR` unless they are given. */
export async function atTerminal(
  { folder, env }: Instance,
  words: readonly string[],
  typing: Typing = [],
  more: Readonly<Record<string, string>> = {},
): Promise<Screen> {
  const { CI: _ci, NO_COLOR: _noColor, ...rest } = env
  const argv = ['python3', '-c', terminal, JSON.stringify(commandLine(words)), JSON.stringify(typing)]
  const ran = await run(argv, { cwd: folder, env: { ...rest, TERM: 'xterm', ...more } })
  return { code: ran.exitCode, screen: ran.stdout }
}
