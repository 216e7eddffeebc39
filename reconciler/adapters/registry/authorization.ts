import type { Login } from '../../ports/registry.ts'
import { type Challenge, readChallenge, tokenAddress } from './challenge.ts'
import { type Failed, failed, type PacedCall } from './paced-calls.ts'

export interface AuthorizationOptions {
  readonly registry: string
  readonly address: string
  readonly findLogin: (signal: AbortSignal) => Promise<Login | null>
  readonly send: PacedCall
}

/** The header that opens a repository; null where none is needed. */
export type Authorize = (repository: string, signal: AbortSignal) => Promise<string | null | Failed>

/** Introduces us to a registry once, and gets one token a repository. */
export function authorization(options: AuthorizationOptions): Authorize {
  const { registry, findLogin } = options
  const tokens = new Map<string, Promise<string | Failed>>()
  let introduction: Promise<Challenge | null | Failed> | null = null
  return async (repository, signal) => {
    introduction ??= introduce(options, signal)
    const wanted = await introduction
    if (wanted === null || 'kind' in wanted) return wanted
    if (wanted.scheme === 'basic') {
      return basic(await findLogin(signal)) ?? failed(`it wants a login: docker login ${registry}`)
    }
    const scope = `repository:${repository}:pull`
    const known = tokens.get(scope) ?? fetchToken(wanted, scope, options, signal)
    tokens.set(scope, known)
    const token = await known
    return typeof token === 'string' ? `Bearer ${token}` : token
  }
}

/** `GET /v2/` is how a registry tells what it wants: no manifest is asked for twice because of it. */
async function introduce(
  { address, send }: AuthorizationOptions,
  signal: AbortSignal,
): Promise<Challenge | null | Failed> {
  const answer = await send(new URL('/v2/', address), { method: 'GET', headers: {}, signal })
  if (answer.kind === 'failed') return answer
  if (answer.status !== 401) return answer.status < 500 ? null : failed(`it answered ${answer.status}`)
  return (
    readChallenge(answer.headers.get('www-authenticate')) ?? failed('it wants a login of a kind that is unknown here')
  )
}

async function fetchToken(
  wanted: Extract<Challenge, { scheme: 'bearer' }>,
  scope: string,
  { registry, address, findLogin, send }: AuthorizationOptions,
  signal: AbortSignal,
): Promise<string | Failed> {
  const url = tokenAddress(wanted, scope)
  const isSafe = url?.protocol === 'https:' || address.startsWith('http:')
  if (url === null || !isSafe) return failed('it names no safe address for a token')
  const login = basic(await findLogin(signal))
  const headers = login === null ? {} : { authorization: login }
  const answer = await send(url, { method: 'GET', headers, signal })
  if (answer.kind === 'failed') return answer
  if (answer.status !== 200) return failed(refusal(answer.status, registry))
  return tokenIn(answer.body) ?? failed('it gave no token that can be read')
}

function basic(login: Login | null): string | null {
  if (login === null) return null
  return `Basic ${Buffer.from(`${login.username}:${login.password.reveal()}`).toString('base64')}`
}

function tokenIn(body: string): string | null {
  try {
    const { token, access_token: other } = JSON.parse(body) as { token?: unknown; access_token?: unknown }
    const found = token ?? other
    return typeof found === 'string' && /^[\x21-\x7e]+$/.test(found) ? found : null
  } catch {
    return null
  }
}

/** What a status means for whoever has to mend it. */
export function refusal(status: number, registry: string): string {
  if (status === 401 || status === 403) return `it refuses us (${status}): docker login ${registry}`
  return status === 404 ? 'it has no such image' : `it answered ${status}`
}
