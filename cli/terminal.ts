import { stripVTControlCharacters, styleText } from 'node:util'
import { type LiveLines, liveLines, type Screen } from './live-lines.ts'
import { frameMs } from './show/progress.ts'

/** Where a command speaks, and what it may do there. */
export interface Terminal {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** True when a person sits there who can be asked. */
  readonly isInteractive: boolean
  /** The result: stdout. A newline is added. */
  readonly print: (text: string) => void
  /** Progress and complaints: stderr. A newline is added. */
  readonly tell: (text: string) => void
  /** Colours a text for stdout, or leaves it as it is where colour is not wanted. */
  readonly paint: (style: Style, text: string) => string
  /** True where stdout gets neither colour nor carriage returns. */
  readonly isPlain: boolean
  /** The last lines of the terminal; null where one of the two streams has to stay plain. */
  readonly live: LiveLines | null
  readonly signal: AbortSignal
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'blue' | 'magenta'

/** What the process has: stdout for results, stderr for the rest, colour only on a terminal and never with NO_COLOR or CI. */
export function processTerminal(signal: AbortSignal): Terminal {
  const { env, stdin, stdout, stderr } = process
  const isPlain = !stdout.isTTY || Boolean(env['NO_COLOR']) || Boolean(env['CI']) || env['TERM'] === 'dumb'
  const live = isPlain || !stderr.isTTY ? null : liveLines(screenOf(stderr))
  // What is interrupted goes on line by line: nothing redraws when a second signal ends us at once.
  signal.addEventListener('abort', () => live?.close())
  const print = (text: string): void => void stdout.write(`${text}\n`)
  const tell = (text: string): void => void stderr.write(`${stderr.isTTY ? text : stripVTControlCharacters(text)}\n`)
  return {
    cwd: process.cwd(),
    env,
    isInteractive: stdin.isTTY === true && stdout.isTTY === true && !env['CI'],
    print: live === null ? print : (text) => live.lift(() => print(text)),
    tell: live === null ? tell : live.tell,
    paint: (style, text) => (isPlain ? text : styleText(style, text)),
    isPlain,
    live,
    signal,
  }
}

/** Terminals that know no size of their own say 0. */
function screenOf(stream: NodeJS.WriteStream): Screen {
  return {
    write: (text) => void stream.write(text),
    size: () => ({ columns: stream.columns || 80, rows: stream.rows || 24 }),
    often(tick) {
      const timer = setInterval(tick, frameMs).unref()
      return () => clearInterval(timer)
    },
  }
}
