import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

import type { HttpOptions } from '../hook-context.ts'

const timeoutMs = 15_000
const mostRedirects = 5
const form = 'application/x-www-form-urlencoded'
const json = 'application/json'

/** A status that is not 2xx. Its message begins with the status, and says how the body begins. */
export class HttpError extends Error {
  readonly status: number
  readonly body: string

  constructor(status: number, reason: string, body: string) {
    const said = body.replace(/\s+/g, ' ').trim().slice(0, 500)
    super(`${status} ${reason}${said === '' ? '' : `: ${said}`}`)
    this.name = 'HttpError'
    this.status = status
    this.body = body
  }
}

interface Question extends HttpOptions {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly body?: unknown
}

/** What the answer holds as JSON; its text where it is none; null where it is empty. */
export async function askHttp(question: Question): Promise<unknown> {
  const signal = AbortSignal.timeout(timeoutMs)
  let { method, url } = question
  let sent = encoded(question)
  for (let redirects = 0; ; redirects++) {
    const answer = await exchange(method, new URL(url), sent, signal)
    const { location } = answer.headers
    if (answer.status < 300 || answer.status > 399 || location === undefined || redirects === mostRedirects) {
      return readAnswer(answer)
    }
    const next = new URL(location, url)
    if (answer.status < 307) {
      method = 'GET'
      sent = { headers: without('content-type', sent.headers), body: undefined }
    }
    if (next.host !== new URL(url).host) sent = { ...sent, headers: without('authorization', sent.headers) }
    url = next.href
  }
}

interface Sent {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

function encoded({ body, content_type, headers = {} }: Question): Sent {
  const named = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1]
  const kind = content_type ?? named ?? (typeof body === 'string' ? form : json)
  const own = named === undefined && body !== undefined ? { 'Content-Type': kind } : {}
  return { headers: { Accept: json, ...own, ...headers }, body: asText(body, kind) }
}

function asText(body: unknown, kind: string): string | undefined {
  if (body === undefined || typeof body === 'string') return body
  if (kind.startsWith(form)) return new URLSearchParams(body as Record<string, string>).toString()
  return JSON.stringify(body)
}

function without(name: string, headers: Sent['headers']): Sent['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([header]) => header.toLowerCase() !== name))
}

interface Answer {
  readonly status: number
  readonly reason: string
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

/** Services at home have certificates that nobody signed. */
async function exchange(method: string, url: URL, { headers, body }: Sent, signal: AbortSignal): Promise<Answer> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  const options = { method, headers, signal, agent: false, rejectUnauthorized: false }
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, options, resolve).on('error', reject).end(body)
  }).catch((error) => {
    throw signal.aborted ? new Error(`${url.href} did not answer within ${timeoutMs / 1000} s`) : error
  })
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  return { status: answer.statusCode ?? 0, reason: answer.statusMessage ?? '', headers: answer.headers, text }
}

function readAnswer({ status, reason, text }: Answer): unknown {
  if (status < 200 || status > 299) throw new HttpError(status, reason, text)
  if (text.trim() === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
