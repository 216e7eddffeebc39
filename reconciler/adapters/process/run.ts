import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'

import type { ResultPromise } from 'execa'

import { collectOutput, type Output } from './collect-output.ts'
import { endGroup } from './end-group.ts'

export interface OutputLine {
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}

export interface RunOptions {
  readonly cwd?: string | undefined
  /** The complete environment of the program; nothing is added. Default: our own. */
  readonly env?: NodeJS.ProcessEnv | undefined
  /** Written to its stdin, which is then closed. Without it stdin is empty. Secrets go here, never into argv. */
  readonly input?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number | undefined
  /** The longest it may print nothing at all; then it counts as timed out. */
  readonly silenceMs?: number | undefined
  /** How long the process group has between SIGTERM and SIGKILL. Default 2000. */
  readonly graceMs?: number | undefined
  /** Called for every line as it comes, without its newline. Must not throw. */
  readonly onLine?: ((line: OutputLine) => void) | undefined
  /** How much of each stream is kept, from its beginning. Default 64 MiB. */
  readonly maxBytes?: number | undefined
}

export interface Ran {
  /** Null when a signal ended it, or when it was cancelled before it started. */
  readonly exitCode: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
  readonly timedOut: boolean
  readonly cancelled: boolean
  /** stdout or stderr was longer than `maxBytes`. */
  readonly truncated: boolean
}

/** What `run` answers when its signal had been aborted before it began: nothing was started. */
const neverStarted: Ran = {
  exitCode: null,
  signal: null,
  stdout: '',
  stderr: '',
  timedOut: false,
  cancelled: true,
  truncated: false,
}

/**
 * Runs one program to its end. Answers, whatever its exit code was; rejects only when it cannot be started (with the system's
 * `code`, such as ENOENT). It leads a process group of its own: on time-out or cancellation the whole group gets SIGTERM, then
 * SIGKILL after `graceMs`, and the answer comes when the group is gone. A program that ends by itself and leaves a grandchild
 * behind keeps that grandchild, and does not keep us waiting, even when the grandchild still holds its stdout.
 */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { execa } = await import('execa')
  if (options.signal?.aborted) return neverStarted

  const child = await started(execa(argv[0] ?? '', argv.slice(1), execaOptions(options)), argv)
  const stdout = collectOutput(child.stdout, outputOptions('stdout', options))
  const stderr = collectOutput(child.stderr, outputOptions('stderr', options))

  const cutShort = await endOnDemand(child, [stdout, stderr], options)
  const { exitCode, signal } = await child.ended
  await drained(child, [stdout, stderr])
  stdout.end()
  stderr.end()

  return {
    exitCode,
    signal,
    stdout: stdout.text(),
    stderr: stderr.text(),
    timedOut: cutShort === 'timed out',
    cancelled: cutShort === 'cancelled',
    truncated: stdout.truncated() || stderr.truncated(),
  }
}

interface Child {
  readonly pid: number
  readonly stdout: Readable
  readonly stderr: Readable
  readonly ended: Promise<Pick<Ran, 'exitCode' | 'signal'>>
}

function execaOptions({ cwd, env, input }: RunOptions) {
  return {
    ...(cwd === undefined ? {} : { cwd }),
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    env: env ?? process.env,
    extendEnv: false,
    detached: true,
    buffer: false as const,
    reject: false as const,
  }
}

/** Takes the process out of execa's promise, which would wait for whoever holds stdout, and listens to the process itself. */
async function started(child: ResultPromise<ReturnType<typeof execaOptions>>, argv: readonly string[]): Promise<Child> {
  const { pid, stdout, stderr } = child
  const ended = new Promise<Awaited<Child['ended']>>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }))
  })
  if (pid === undefined || stdout === null || stderr === null) throw startError(argv, await child)
  return { pid, stdout, stderr, ended }
}

function startError([program]: readonly string[], result: { readonly cause?: unknown }): Error {
  const cause = result.cause as NodeJS.ErrnoException | undefined
  const why = cause?.message ?? 'the system refused'
  return Object.assign(new Error(`cannot start ${program}: ${why}`, { cause }), { code: cause?.code ?? 'UNKNOWN' })
}

function outputOptions(stream: OutputLine['stream'], { maxBytes = 64 * 1024 * 1024, onLine = () => {} }: RunOptions) {
  return { maxBytes, onLine: (text: string) => onLine({ stream, text }) }
}

/** Waits for the program's own end, or ends its group when the time is up or the signal is aborted, and says which. */
async function endOnDemand(
  child: Child,
  outputs: readonly Output[],
  { signal, timeoutMs, silenceMs, graceMs = 2000 }: RunOptions,
): Promise<End> {
  const over = new AbortController()
  const reasons: Promise<End>[] = [child.ended.then(() => 'by itself')]
  if (silenceMs !== undefined) reasons.push(quietly(silent(outputs, silenceMs, over.signal), 'timed out'))
  if (timeoutMs !== undefined) reasons.push(quietly(sleep(timeoutMs, undefined, { signal: over.signal }), 'timed out'))
  if (signal !== undefined) reasons.push(quietly(aborted(signal, over.signal), 'cancelled'))

  const reason = await Promise.race(reasons)
  over.abort()
  if (reason !== 'by itself') await endGroup(child.pid, graceMs)
  return reason
}

type End = 'by itself' | 'timed out' | 'cancelled'

/** Resolves when nothing was printed for that long, give or take a tenth; rejects when it is of no matter any more. */
async function silent(outputs: readonly Output[], silenceMs: number, noMatter: AbortSignal): Promise<void> {
  let before = -1
  for (let quiet = 0; quiet < 10; quiet++) {
    const now = outputs.reduce((sum, output) => sum + output.bytes(), 0)
    if (now !== before) quiet = 0
    before = now
    await sleep(silenceMs / 10, undefined, { signal: noMatter })
  }
}

async function aborted(signal: AbortSignal, noMatter: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort', { signal: noMatter })
}

/** Says the reason when it comes; when nobody waits for it any more it stays silent. */
function quietly<Reason extends string>(event: Promise<unknown>, reason: Reason): Promise<Reason> {
  return event.then(
    () => reason,
    () => reason,
  )
}

const quietMs = 100
const longestDrainMs = 400

/** Waits until both streams are closed; one that a grandchild still holds is left after 0.1 s of silence, or after 0.4 s. */
async function drained(child: Child, outputs: readonly Output[]): Promise<void> {
  const streams = [child.stdout, child.stderr]
  const closed = Promise.all(
    streams.map((stream) => (stream.closed ? undefined : once(stream, 'close').catch(() => {}))),
  )
  const over = new AbortController()

  await Promise.race([closed, silence(outputs, over.signal)])
  over.abort()
  for (const stream of streams) stream.destroy()
}

async function silence(outputs: readonly Output[], signal: AbortSignal): Promise<void> {
  const bytes = () => outputs.reduce((sum, output) => sum + output.bytes(), 0)
  for (let waitedMs = 0; waitedMs < longestDrainMs && !signal.aborted; waitedMs += quietMs) {
    const before = bytes()
    await sleep(quietMs, undefined, { signal }).catch(() => {})
    await nextTurn()
    if (bytes() === before) return
  }
}
