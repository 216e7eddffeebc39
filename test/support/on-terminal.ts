import { run } from '../../reconciler/adapters/process/run.ts'

/** A program at a terminal of its own, and a person who types once a certain text stands there. */
export interface AtTerminal {
  readonly words: readonly string[]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly columns?: number
  readonly rows?: number
  /** What the person waits for, and what they type then: `\n` is Enter, `\x03` is Ctrl-C. */
  readonly typed?: { readonly at: string; readonly keys: string }
}

const program = `
import fcntl, os, pty, struct, sys, termios
columns, rows, at, keys = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3].encode(), sys.argv[4].encode()
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    os.execvp(sys.argv[5], sys.argv[5:])
seen = b""
while True:
    try:
        chunk = os.read(fd, 4096)
    except OSError:
        break
    if not chunk:
        break
    seen += chunk
    if keys and at in seen:
        os.write(fd, keys)
        keys = b""
sys.stdout.buffer.write(seen)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`

/** Runs it to its end; answers every byte that the terminal got, and its exit code. */
export async function onTerminal({ words, cwd, env = process.env, columns = 80, rows = 24, typed }: AtTerminal) {
  const asked = [String(columns), String(rows), typed?.at ?? '', typed?.keys ?? '']
  const place = cwd === undefined ? {} : { cwd }
  const { stdout, stderr, exitCode } = await run(['python3', '-c', program, ...asked, ...words], {
    ...place,
    env,
  })
  return { seen: stdout, code: exitCode, stderr }
}
