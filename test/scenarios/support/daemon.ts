import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { commandLine, type Instance } from './instance.ts'
import { until } from './until.ts'

/** One line of a daemon's log. */
// biome-ignore lint/suspicious/noExplicitAny: fields differ from line to line
export type LogLine = Readonly<Record<string, any>> & { readonly msg: string }

export interface Daemon {
  readonly pid: number
  /** What it has said so far. */
  readonly lines: () => readonly LogLine[]
  /** Resolves with the first line that is meant, already there or to come. */
  readonly says: (isMeant: (line: LogLine) => boolean, withinMs?: number) => Promise<LogLine>
  /** Tells it to stop and answers its exit code. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>
}

/** `stack daemon` on this instance; it is stopped when the test ends. */
export async function startDaemon({ folder, env }: Pick<Instance, 'folder' | 'env'>): Promise<Daemon> {
  const [program = '', ...argv] = commandLine(['daemon'])
  const child = spawn(program, argv, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: LogLine[] = []
  follow(child, (line) => lines.push(line))
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => stopped(child, signal)
  onTestFinished(async () => void (await stop()))
  const says: Daemon['says'] = (isMeant, withinMs = 30_000) =>
    until(async () => lines.find(isMeant) ?? null, { withinMs, what: () => lines.slice(-40).map(shortly).join('\n') })
  return { pid: child.pid ?? 0, lines: () => lines, says, stop }
}

async function stopped(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
  return child.exitCode
}

function follow({ stdout, stderr }: ChildProcess, onLine: (line: LogLine) => void): void {
  let rest = ''
  stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) onLine(JSON.parse(part))
  })
  stderr?.setEncoding('utf8').on('data', (text: string) => onLine({ msg: text }))
}

/** What a reader of a failure wants of a line. */
function shortly({ msg, level: _level, time: _time, run: _run, ...fields }: LogLine): string {
  return `${msg} ${JSON.stringify(fields)}`
}
