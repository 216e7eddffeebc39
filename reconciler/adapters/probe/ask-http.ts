import { get as getPlain, type IncomingMessage } from 'node:http'
import { get as getSecure } from 'node:https'

export interface HttpQuestion {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly wantsBody: boolean
}

export interface HttpAnswer {
  readonly status: number
  /** Null when it was not wanted, or is longer than 1 MiB. */
  readonly body: string | null
}

/** Not an answer of the service: it keeps sending us elsewhere. */
export class TooManyRedirects extends Error {}

const mostRedirects = 5
const longestBody = 1024 * 1024

/**
 * GETs a URL and what it redirects to. Certificates are not verified: services on a host often sign their own. Headers go to
 * no other origin than the one they were meant for. Rejects with what the network said.
 */
export async function askHttp(question: HttpQuestion, signal: AbortSignal, redirects = 0): Promise<HttpAnswer> {
  const { url, headers, wantsBody } = question
  const response = await respond(url, headers, signal)
  const target = redirectTarget(response, url)
  if (target === null)
    return { status: response.statusCode ?? 0, body: wantsBody ? await bodyOf(response) : leave(response) }

  leave(response)
  if (redirects === mostRedirects) throw new TooManyRedirects()
  return askHttp(
    { url: target, headers: target.origin === url.origin ? headers : {}, wantsBody },
    signal,
    redirects + 1,
  )
}

function respond(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<IncomingMessage> {
  const options = { headers: { ...headers, connection: 'close' }, signal, agent: false as const }
  return new Promise((resolve, reject) => {
    const asked =
      url.protocol === 'https:'
        ? getSecure(url, { ...options, rejectUnauthorized: false }, resolve)
        : getPlain(url, options, resolve)
    asked.on('error', reject)
  })
}

/** Null for what is no redirect, or leads to what is not the web. */
function redirectTarget({ statusCode = 0, headers }: IncomingMessage, from: URL): URL | null {
  const { location } = headers
  if (![301, 302, 303, 307, 308].includes(statusCode) || location === undefined) return null
  const target = URL.canParse(location, from.href) ? new URL(location, from) : null
  return target !== null && ['http:', 'https:'].includes(target.protocol) ? target : null
}

async function bodyOf(response: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > longestBody) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** A stream of events would never end. */
function leave(response: IncomingMessage): null {
  response.destroy()
  return null
}
