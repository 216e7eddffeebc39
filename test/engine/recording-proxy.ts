import { mkdtemp, rm } from 'node:fs/promises'
import {
  Agent,
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Fault, misbehave } from './proxy-faults.ts'

export interface EngineCall {
  readonly method: string
  /** With its query, without the API's version: `/containers/json?all=1`. */
  readonly path: string
}

export interface RecordingProxy {
  /** Give this to clients in place of the engine's own. */
  readonly dockerHost: `unix://${string}`
  /** Every call so far, in the order in which they came. */
  calls(): readonly EngineCall[]
  clear(): void
  /** From now on asked of each call: what goes wrong with it; null: nothing. */
  troubling(choose: (call: EngineCall) => Fault | null): void
  stop(): Promise<void>
}

/** Stands before an engine, passes everything on in both directions, streams and upgraded connections too, and writes it down. */
export async function startRecordingProxy(dockerHost: string): Promise<RecordingProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'engine-proxy-'))
  const socketPath = join(folder, 'docker.sock')
  const engine = addressOf(dockerHost)
  const agent = new Agent({ keepAlive: true })
  const open = new Set<Socket>()
  let calls: EngineCall[] = []
  let trouble = (_call: EngineCall): Fault | null => null

  const server = createServer((asked, answer) => {
    const call = callOf(asked)
    calls.push(call)
    const fault = trouble(call)
    if (fault === null) passOn(engine, agent, asked, answer)
    else misbehave(fault, asked, answer, (to) => passOn(engine, agent, asked, to))
  })
  server.on('upgrade', (asked: IncomingMessage, client: Socket, head: Buffer) => {
    calls.push(callOf(asked))
    passUpgradeOn(engine, asked, client, head)
  })
  server.on('connection', (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
  })
  Object.assign(server, { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))

  return {
    dockerHost: `unix://${socketPath}`,
    calls: () => [...calls],
    clear: () => {
      calls = []
    },
    troubling: (choose) => {
      trouble = choose
    },
    stop: async () => {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      agent.destroy()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function callOf({ method = '', url = '' }: IncomingMessage): EngineCall {
  return { method, path: url.replace(/^\/v\d+\.\d+(?=\/)/, '') }
}

type Address = { readonly path: string } | { readonly host: string; readonly port: number }

function addressOf(dockerHost: string): Address {
  const { protocol, pathname, hostname, port } = new URL(dockerHost)
  return protocol === 'unix:' ? { path: pathname } : { host: hostname, port: Number(port) }
}

/** Where an answer goes: to who asked, or to somebody in between. */
export type Answered = Pick<ServerResponse, 'writeHead' | 'flushHeaders' | 'destroy'> & NodeJS.WritableStream

function passOn(to: Address, agent: Agent, asked: IncomingMessage, answer: Answered): void {
  const where = 'path' in to ? { socketPath: to.path } : to
  const headers = asked.rawHeaders as unknown as OutgoingHttpHeaders
  const engine = request({ ...where, agent, method: asked.method, path: asked.url, headers }, (said) => {
    answer.writeHead(said.statusCode ?? 502, said.statusMessage, said.rawHeaders)
    answer.flushHeaders()
    said.pipe(answer)
    said.on('error', () => answer.destroy())
  })
  engine.on('error', () => answer.destroy())
  answer.on('close', () => engine.destroy())
  asked.pipe(engine)
}

/** `docker attach`, `exec` and builds turn the connection into a pipe of their own: bytes, after the request's first lines. */
function passUpgradeOn(to: Address, asked: IncomingMessage, client: Socket, head: Buffer): void {
  const engine = connect({ ...to, allowHalfOpen: true }, () => {
    engine.write(headOf(asked))
    engine.write(head)
    client.pipe(engine).pipe(client)
  })
  engine.on('error', () => client.destroy())
  client.on('close', () => engine.destroy())
}

function headOf({ method, url, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/1.1`]
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}
