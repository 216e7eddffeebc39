import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { Duplex } from 'node:stream'

import type { StartedHook } from '../../model/hook.ts'
import { endGroup } from '../process/end-group.ts'
import { identify } from '../process/process-identity.ts'
import { drained } from './drained.ts'
import { endMarked, markName } from './marked-processes.ts'

export interface Supervision {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly stdio: readonly [stdin: 'ignore' | 'inherit', stdout: 'pipe' | 'inherit' | number, stderr: 'pipe' | number]
  /** What it leaves in its group when it ends well is meant to run on. */
  readonly leavesRunning?: boolean | undefined
  readonly timeoutMs: number | undefined
  readonly signal: AbortSignal
  readonly onOutput: (chunk: Buffer, stream: 'stdout' | 'stderr') => void
  readonly onStarted?: ((started: StartedHook) => Promise<void> | void) | undefined
  /** Called with its fd 3 when it may begin: it waits for a first line there. */
  readonly converse: (socket: Duplex) => void
}

export type Ending =
  | { readonly how: 'exited'; readonly code: number }
  | { readonly how: 'killed'; readonly by: string }
  | { readonly how: 'timed out' }
  | { readonly how: 'cancelled' }

/** How long a process has between SIGTERM and SIGKILL. */
export const graceMs = 2000

/** Runs a program to its end as the leader of a process group, and ends that group. Rejects when it cannot start. */
export async function supervise(supervision: Supervision): Promise<Ending> {
  const mark = randomUUID()
  const child = spawned(supervision, mark)
  const ended = endOf(child)
  const started = await identityOf(child, mark)
  const streams = streamsOf(child, supervision)

  try {
    await supervision.onStarted?.(started)
    supervision.converse(streams.socket)
    const ending = await endOrCut(ended, supervision)
    await endRest(started, ending, supervision)
    await drained(streams.all)
    return ending
  } catch (error) {
    await endEverything(started)
    throw error
  }
}

async function endRest(started: StartedHook, ending: Ending, { leavesRunning = false }: Supervision): Promise<void> {
  const endedWell = ending.how === 'exited' && ending.code === 0
  if (!endedWell) return endEverything(started)
  if (!leavesRunning) await endGroup(started.pid, graceMs)
}

/** Its group, and what it started in sessions of its own. */
export async function endEverything({ pid, mark }: StartedHook): Promise<void> {
  await Promise.all([endGroup(pid, graceMs), endMarked(mark, graceMs)])
}

function spawned({ argv, cwd, env, stdio }: Supervision, mark: string): ChildProcess {
  return spawn(argv[0] ?? '', argv.slice(1), {
    cwd,
    env: { ...env, [markName]: mark },
    detached: true,
    stdio: [...stdio, 'pipe'],
  })
}

async function identityOf(child: ChildProcess, mark: string): Promise<StartedHook> {
  if (child.pid === undefined) await once(child, 'spawn')
  const pid = child.pid ?? 0
  return { pid, mark, startedAt: (await identify(pid))?.startedAt ?? 'it ended at once' }
}

function endOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('exit', (code, by) => resolve(by === null ? { how: 'exited', code: code ?? 1 } : { how: 'killed', by }))
  })
}

function streamsOf({ stdout, stderr, stdio }: ChildProcess, { onOutput }: Supervision) {
  const socket = stdio[3] as Duplex
  stdout?.on('data', (chunk: Buffer) => onOutput(chunk, 'stdout'))
  stderr?.on('data', (chunk: Buffer) => onOutput(chunk, 'stderr'))
  const all = [socket, stdout, stderr].filter((stream) => stream !== null)
  for (const stream of all) stream.on('error', () => {})
  return { socket, all }
}

/** Waits for its own end, or until the time is up or the signal aborted. */
async function endOrCut(ended: Promise<Ending>, { timeoutMs, signal }: Supervision): Promise<Ending> {
  const over = new AbortController()
  const cut = new Promise<Ending>((resolve) => {
    const cancel = () => resolve({ how: 'cancelled' })
    signal.addEventListener('abort', cancel, { signal: over.signal })
    if (signal.aborted) cancel()
    if (timeoutMs === undefined) return
    const timer = setTimeout(() => resolve({ how: 'timed out' }), timeoutMs)
    over.signal.addEventListener('abort', () => clearTimeout(timer))
  })
  const ending = await Promise.race([ended, cut])
  over.abort()
  return ending
}
