import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { constants } from 'node:os'
import type { Duplex } from 'node:stream'

import { endMarked, markName } from './marked-processes.ts'
import { graceMs } from './supervise.ts'

export interface TerminalRun {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** What it gets as stdin, stdout and stderr. */
  readonly stdio: readonly [number, number, number]
  readonly signal: AbortSignal
  /** Called with its fd 3: it waits for a first line there. */
  readonly converse: (socket: Duplex) => void
}

/**
 * Runs a program for the person at the terminal, in our own process group, so that Ctrl-C and job control reach it. Answers its
 * exit code, 128 and more when a signal ended it. When the signal is aborted it is ended with everything it started.
 */
export async function runOnTerminal({ argv, env, stdio, signal, converse }: TerminalRun): Promise<number> {
  const mark = randomUUID()
  const child = spawn(argv[0] ?? '', argv.slice(1), { env: { ...env, [markName]: mark }, stdio: [...stdio, 'pipe'] })
  const exit = exitOf(child)
  if (child.pid === undefined) await once(child, 'spawn')
  let cancelled: Promise<void> | undefined
  const cancel = () => {
    cancelled = endMarked(mark, graceMs)
  }
  signal.addEventListener('abort', cancel)
  if (signal.aborted) cancel()

  const socket = child.stdio[3] as Duplex
  socket.on('error', () => {})
  converse(socket)
  const code = await exit
  signal.removeEventListener('abort', cancel)
  socket.destroy()
  await cancelled
  return code
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('exit', (code, by) => resolve(by === null ? (code ?? 1) : 128 + constants.signals[by]))
  })
}
