import { readFile } from 'node:fs/promises'
import type { Agent } from 'node:http'
import { join } from 'node:path'
import type Docker from 'dockerode'
import { StackError } from '../../model/errors.ts'
import type { Endpoint } from './endpoint.ts'
import { explainFullDisk } from './explain-failure.ts'
import { isStuck, stuckHint } from './stuck-task.ts'

/**
 * A client for this endpoint and no other: what DOCKER_HOST says in the environment must not win over it, and no time-out of the
 * environment may end a stream in which nothing happens.
 */
export async function connect(endpoint: Endpoint, more: { readonly agent?: Agent } = {}): Promise<Docker> {
  const { default: Client } = await import('dockerode')
  return new Client({ timeout: undefined, ...more, ...(await whereToCall(endpoint)) } as Docker.DockerOptions)
}

export interface CallPlace {
  readonly protocol: 'http' | 'https'
  readonly socketPath?: string
  readonly host: string | undefined
  readonly port: number | undefined
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** Where a request to this endpoint goes. */
export async function whereToCall({ address, certificates }: Endpoint): Promise<CallPlace> {
  if (address.startsWith('unix://')) {
    return { socketPath: address.slice('unix://'.length), host: undefined, port: undefined, protocol: 'http' }
  }
  const url = new URL(address.replace(/^tcp:/, 'http:'))
  const tls = certificates === null ? null : await readCertificates(certificates)
  const port = Number(url.port || (tls === null ? 2375 : 2376))
  return { host: url.hostname, port, protocol: tls === null ? 'http' : 'https', ...tls }
}

async function readCertificates(folder: string): Promise<{ ca: string; cert: string; key: string }> {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readFile(join(folder, name), 'utf8')),
  )
  return { ca: ca ?? '', cert: cert ?? '', key: key ?? '' }
}

/** What the client threw, as an error of ours: out of reach, or the engine's own refusal. */
export function engineError(thrown: unknown, endpoint: Endpoint, doing: string): StackError {
  if (thrown instanceof StackError) return thrown
  const { statusCode, code, message, json } = thrown as {
    statusCode?: number
    code?: string
    message?: string
    json?: { message?: string }
  }
  if (statusCode === undefined) return unreachable(endpoint, code ?? message ?? 'no answer', thrown)
  const words = json?.message ?? message ?? `status ${statusCode}`
  if (isStuck(words)) return new StackError('STACK_STUCK', `${doing}: ${words}`, { hint: stuckHint, cause: thrown })
  return new StackError('STACK_ENGINE_REFUSED', `${doing}: ${words}`, {
    hint: explainFullDisk(words)?.hint ?? "the words are the engine's own; docker ps -a and docker logs show more",
    cause: thrown,
  })
}

export function unreachable(endpoint: Endpoint, why: string, cause?: unknown): StackError {
  return new StackError('STACK_ENGINE_UNREACHABLE', `no Docker engine answers at ${endpoint.address} (${why})`, {
    hint: 'start it (systemctl start docker), or set DOCKER_HOST to where it listens',
    cause,
  })
}

/** Whether this is the engine's refusal with this HTTP status. */
export function hasStatus(thrown: unknown, status: number): boolean {
  return (thrown as { readonly statusCode?: number }).statusCode === status
}
