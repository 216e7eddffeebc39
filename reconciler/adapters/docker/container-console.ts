import { once } from 'node:events'
import type { Readable } from 'node:stream'
import type Docker from 'dockerode'
import type { ContainerConsole, LogLine, LogRequest } from '../../ports/container-console.ts'
import { connect, engineError } from './connect.ts'
import type { Endpoint } from './endpoint.ts'
import { execOnTerminal } from './exec-on-terminal.ts'
import { type LineTaker, timedLines } from './timed-lines.ts'

/** The engine at this endpoint, for a person to watch. Connects at the first call. */
export function dockerConsole(findEndpoint: () => Promise<Endpoint>): ContainerConsole {
  let opened: Promise<{ readonly client: Docker; readonly endpoint: Endpoint }> | null = null
  const open = () => {
    opened ??= findEndpoint().then(async (endpoint) => ({ client: await connect(endpoint), endpoint }))
    return opened
  }
  async function ask<Answer>(doing: string, signal: AbortSignal, call: (client: Docker) => Promise<Answer>) {
    const { client, endpoint } = await open()
    try {
      return await call(client)
    } catch (thrown) {
      signal.throwIfAborted()
      throw engineError(thrown, endpoint, doing)
    }
  }
  return {
    logs: (request, onLine, signal) =>
      ask(`logs of ${request.containerId.slice(0, 12)}`, signal, (client) => logs(client, request, onLine, signal)),
    exec: ({ containerId, argv }, signal) =>
      ask(`exec in ${containerId.slice(0, 12)}`, signal, (client) =>
        execOnTerminal(client.getContainer(containerId), argv, signal),
      ),
  }
}

async function logs(
  client: Docker,
  request: LogRequest,
  onLine: (line: LogLine) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const container = client.getContainer(request.containerId)
    const { Config } = await container.inspect({ abortSignal: signal })
    const answer = (await container.logs({ ...wordsFor(request), abortSignal: signal })) as unknown as Buffer | Readable
    const taker = timedLines(Config.Tty, (line) => {
      if (request.after === null || line.at > request.after) onLine(line)
    })
    await takeAll(answer, taker, signal)
    taker.end()
  } catch (thrown) {
    if (!isGone(thrown)) throw thrown
  }
}

type LogWords = Docker.ContainerLogsOptions & { follow: true }

function wordsFor({ tail, after, follow }: LogRequest): LogWords {
  const words = { stdout: true, stderr: true, timestamps: true, follow }
  return {
    ...words,
    ...(tail === null ? {} : { tail }),
    ...(after === null ? {} : { since: secondsOf(after) }),
  } as LogWords
}

/** `1767225600.000000001`: the engine takes a time in seconds, with all nine digits. */
function secondsOf(at: string): string {
  const [, nanoseconds = ''] = /\.(\d+)Z$/.exec(at) ?? []
  return `${Math.floor(Date.parse(at) / 1000)}.${nanoseconds.padEnd(9, '0')}`
}

/** A log that is followed is a stream; one that is not comes as a whole. */
async function takeAll(answer: Buffer | Readable, taker: LineTaker, signal: AbortSignal): Promise<void> {
  if (Buffer.isBuffer(answer)) {
    taker.push(answer)
    return
  }
  const stop = (): void => void answer.destroy()
  signal.addEventListener('abort', stop, { once: true })
  try {
    answer.on('data', (chunk: Buffer) => taker.push(chunk))
    answer.on('error', () => {})
    if (signal.aborted) stop()
    if (!answer.closed) await once(answer, 'close')
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function isGone(thrown: unknown): boolean {
  const { statusCode } = thrown as { statusCode?: number }
  return statusCode === 404 || statusCode === 409
}
