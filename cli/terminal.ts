import { styleText } from 'node:util'

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
  readonly signal: AbortSignal
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'blue' | 'magenta'

/** What the process has: stdout for results, stderr for the rest, colour only on a terminal and never with NO_COLOR or CI. */
export function processTerminal(signal: AbortSignal): Terminal {
  const { env, stdin, stdout, stderr } = process
  const isPlain = !stdout.isTTY || Boolean(env['NO_COLOR']) || Boolean(env['CI']) || env['TERM'] === 'dumb'
  return {
    cwd: process.cwd(),
    env,
    isInteractive: stdin.isTTY === true && stdout.isTTY === true && !env['CI'],
    print: (text) => void stdout.write(`${text}\n`),
    tell: (text) => void stderr.write(`${text}\n`),
    paint: (style, text) => (isPlain ? text : styleText(style, text)),
    isPlain,
    signal,
  }
}
