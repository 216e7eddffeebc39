import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'

import { endExec } from './end-exec.ts'

/** Runs a program in a container as if it were a child of ours, and answers its exit code; when aborted, it is ended. */
export async function execOnTerminal(
  container: Docker.Container,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const Tty = process.stdin.isTTY === true && process.stdout.isTTY === true
  const attached = { AttachStdin: true, AttachStdout: true, AttachStderr: true }
  const exec = await container.exec({ ...attached, Tty, Cmd: [...argv], abortSignal: signal })
  const stream = await exec.start({ hijack: true, stdin: true, Tty, abortSignal: signal }).catch(cannotStart)
  if (typeof stream === 'number') return stream

  const stop = (): void => void stream.destroy()
  signal.addEventListener('abort', stop, { once: true })
  const giveBack = Tty ? await lendTerminal(exec) : () => {}
  process.stdin.pipe(stream)
  let began = ''
  try {
    began = await (Tty ? copyAll(stream) : copyFrames(stream))
  } finally {
    signal.removeEventListener('abort', stop)
    process.stdin.unpipe(stream).pause()
    giveBack()
    stream.destroy()
  }
  if (signal.aborted) await endExec(exec, container)
  signal.throwIfAborted()
  const code = await exitCodeOf(exec)
  return code === cannotRun && isMissing(began) ? notFound : code
}

const cannotRun = 126
const notFound = 127

/** Older engines refuse to start it, newer ones say so as its output, and all know only one code for both. */
function isMissing(words: string): boolean {
  return /executable file not found|no such file or directory/.test(words)
}

/** What a shell answers for a program that is not there, or may not be run. */
function cannotStart(thrown: { readonly json?: { readonly message?: string }; readonly message?: string }): number {
  const words = thrown.json?.message ?? thrown.message ?? ''
  if (!isMissing(words) && !/permission denied/.test(words)) throw thrown
  process.stderr.write(`${words}\n`)
  return isMissing(words) ? notFound : cannotRun
}

/** Every key goes to the program inside, Ctrl-C too, and it learns how large our window is. */
async function lendTerminal(exec: Docker.Exec): Promise<() => void> {
  const { stdin, stdout } = process
  const resize = (): Promise<void> => exec.resize({ h: stdout.rows, w: stdout.columns }).catch(() => {})
  const onResize = (): void => void resize()
  stdin.setRawMode(true)
  stdout.on('resize', onResize)
  await resize()
  return () => {
    stdin.setRawMode(false)
    stdout.off('resize', onResize)
  }
}

/** Answers how the output began. */
async function copyAll(stream: Duplex): Promise<string> {
  let began = ''
  for await (const chunk of whileOpen(stream)) {
    began = begunWith(began, chunk)
    await write(process.stdout, chunk)
  }
  return began
}

/** Without a terminal both outputs come in one stream: 8-byte headers say which, and how much. */
async function copyFrames(stream: Duplex): Promise<string> {
  const headerBytes = 8
  let began = ''
  let rest = Buffer.alloc(0)
  for await (const chunk of whileOpen(stream)) {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= headerBytes && rest.length >= headerBytes + rest.readUInt32BE(4)) {
      const end = headerBytes + rest.readUInt32BE(4)
      const frame = rest.subarray(headerBytes, end)
      began = begunWith(began, frame)
      await write(rest[0] === 2 ? process.stderr : process.stdout, frame)
      rest = rest.subarray(end)
    }
  }
  return began
}

const longestBeginning = 500

function begunWith(began: string, bytes: Buffer): string {
  return began.length < longestBeginning ? began + bytes.subarray(0, longestBeginning).toString('utf8') : began
}

/** A connection that the engine or we cut off is an end like any other; the exit code tells more. */
async function* whileOpen(stream: Duplex): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) yield chunk as Buffer
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'ECONNRESET') throw error
  }
}

/** A reader that is slow makes the program inside wait, instead of filling our memory. */
async function write(output: NodeJS.WriteStream, bytes: Buffer): Promise<void> {
  if (!output.write(bytes)) await once(output, 'drain')
}

async function exitCodeOf(exec: Docker.Exec): Promise<number> {
  for (;;) {
    const { Running, ExitCode } = await exec.inspect()
    if (!Running) return ExitCode ?? 1
    await sleep(20)
  }
}
