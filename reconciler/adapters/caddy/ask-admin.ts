import { open } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { basename, dirname } from 'node:path'

/** Where Caddy listens for its administrator. */
export type AdminPlace =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'port'; readonly host: string; readonly port: number }

export interface AdminQuestion {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: { readonly type: 'application/json' | 'text/caddyfile'; readonly text: string }
  /** What the configuration was when it was read: a change on top of another one is refused. */
  readonly ifMatch?: string | null
}

export interface AdminAnswer {
  readonly status: number
  readonly text: string
  readonly etag: string | null
}

const answerMs = 30_000

/** `unix//run/caddy/admin.sock`, `localhost:2019`. */
export function adminPlace(address: string): AdminPlace {
  if (address.startsWith('unix/')) return { kind: 'socket', path: address.slice('unix/'.length) }
  const [host = 'localhost', port = '2019'] = address.split(':')
  return { kind: 'port', host, port: Number(port) }
}

/** Rejects with what the network said where nothing answers. */
export async function askAdmin(place: AdminPlace, question: AdminQuestion, signal: AbortSignal): Promise<AdminAnswer> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMs)])
  if (place.kind === 'port') return converse({ host: place.host, port: place.port }, question, limit)
  if (place.path.length <= longestPath) return converse({ socketPath: place.path }, question, limit)
  const folder = await open(dirname(place.path))
  try {
    return await converse({ socketPath: `/proc/self/fd/${folder.fd}/${basename(place.path)}` }, question, limit)
  } finally {
    await folder.close()
  }
}

/** The kernel takes no longer name for a socket; through an open folder every name is short. */
const longestPath = 100

type Target = { readonly socketPath: string } | { readonly host: string; readonly port: number }

function converse(target: Target, { method, path, body, ifMatch }: AdminQuestion, signal: AbortSignal) {
  const headers = {
    // On a socket, Caddy refuses every host but none.
    ...('socketPath' in target ? { Host: '' } : {}),
    ...(body === undefined ? {} : { 'Content-Type': body.type, 'Content-Length': Buffer.byteLength(body.text) }),
    ...(ifMatch ? { 'If-Match': ifMatch } : {}),
    Connection: 'close',
  }
  return new Promise<AdminAnswer>((resolve, reject) => {
    const asked = request(
      { ...target, method, path, headers, setHost: !('socketPath' in target), agent: false, signal },
      (response) => readAnswer(response).then(resolve, reject),
    )
    asked.on('error', reject)
    asked.end(body?.text)
  })
}

async function readAnswer(response: IncomingMessage): Promise<AdminAnswer> {
  const chunks: Buffer[] = []
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  const etag = response.trailers['etag'] ?? (response.headers.etag as string | undefined) ?? null
  return { status: response.statusCode ?? 0, text, etag }
}
