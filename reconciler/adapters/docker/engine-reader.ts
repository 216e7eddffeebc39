import { type IncomingMessage, type RequestOptions, request } from 'node:http'
import { request as secureRequest } from 'node:https'
import { jsonOrNull } from '../../lib/json-or-null.ts'
import { whereToCall } from './connect.ts'
import type { Endpoint } from './endpoint.ts'

/**
 * Asks the engine what is so. Most commands do nothing else, and to load a whole client takes longer than all their questions. What it
 * throws is what the client throws: see `engineError`.
 */
export interface EngineReader {
  get<Answer>(path: string, signal: AbortSignal): Promise<Answer>
}

export async function engineReader(endpoint: Endpoint): Promise<EngineReader> {
  const { protocol, ...where } = await whereToCall(endpoint)
  const call = protocol === 'https' ? secureRequest : request
  const open = (options: RequestOptions) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      call({ ...where, ...options }, resolve)
        .on('error', reject)
        .end()
    })
  return {
    async get(path, signal) {
      const answer = await open({ path, signal })
      const text = await textOf(answer)
      const { statusCode = 0 } = answer
      if (statusCode !== 200) throw refusal(statusCode, text)
      return JSON.parse(text)
    },
  }
}

/** What a question asks for, as the engine wants it. */
export function withFilters(path: string, filters: Readonly<Record<string, readonly string[]>>): string {
  return `${path}?filters=${encodeURIComponent(JSON.stringify(filters))}`
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function refusal(statusCode: number, text: string): Error {
  return Object.assign(new Error(wordsIn(text) ?? `status ${statusCode}`), { statusCode })
}

/** `{"message":"No such container: web"}` */
function wordsIn(text: string): string | null {
  return (jsonOrNull(text) as { readonly message?: string } | null)?.message ?? null
}
