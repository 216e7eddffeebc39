import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StackError } from '../../model/errors.ts'

/** Where the engine listens, as Docker's own tools would find it: one answer for the API and for Compose. */
export interface Endpoint {
  /** `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375`. */
  readonly address: string
  /** Folder with ca.pem, cert.pem and key.pem; null without TLS. */
  readonly certificates: string | null
}

export type Environment = Readonly<Record<string, string | undefined>>

/** DOCKER_HOST, then DOCKER_CONTEXT, then the current context of Docker's configuration, then the default socket. */
export async function findEndpoint(env: Environment): Promise<Endpoint> {
  const certificates = env['DOCKER_TLS_VERIFY'] ? (env['DOCKER_CERT_PATH'] ?? null) : null
  const named = env['DOCKER_HOST']
  if (named !== undefined && named !== '') return refuseElsewhere({ address: named, certificates })
  const config = configFolder(env)
  const context = env['DOCKER_CONTEXT'] || (await currentContext(config))
  if (context === undefined || context === '' || context === 'default')
    return { address: defaultAddress, certificates: null }
  return refuseElsewhere(await contextEndpoint(config, context))
}

/** Whether somebody said which engine is meant: another one would not be it. */
export async function isChosen(env: Environment): Promise<boolean> {
  if (env['DOCKER_HOST'] || env['DOCKER_CONTEXT']) return true
  const context = await currentContext(configFolder(env))
  return context !== undefined && context !== '' && context !== 'default'
}

function configFolder(env: Environment): string {
  return env['DOCKER_CONFIG'] || join(env['HOME'] ?? '/root', '.docker')
}

const defaultAddress = 'unix:///var/run/docker.sock'

async function currentContext(config: string): Promise<string | undefined> {
  const value = (await readJson(join(config, 'config.json')))?.['currentContext']
  return typeof value === 'string' ? value : undefined
}

/** Docker keeps a context under the SHA-256 of its name. */
async function contextEndpoint(config: string, context: string): Promise<Endpoint> {
  const key = createHash('sha256').update(context).digest('hex')
  const meta = await readJson(join(config, 'contexts', 'meta', key, 'meta.json'))
  const address = (meta as { Endpoints?: { docker?: { Host?: unknown } } } | null)?.Endpoints?.docker?.Host
  if (typeof address !== 'string') {
    throw new StackError('STACK_ENGINE_UNREACHABLE', `Docker context ${context} is not defined in ${config}`, {
      hint: 'list them with docker context ls, or set DOCKER_HOST',
      terminal: true,
    })
  }
  const certificates = join(config, 'contexts', 'tls', key, 'docker')
  return { address, certificates: address.startsWith('tcp:') ? certificates : null }
}

async function readJson(path: string): Promise<Record<string, unknown> | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
  } catch {
    return null
  }
}

const loopback = /^(tcp|http):\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?\/?$/

/** On another machine a bind mount would mean that machine's files: such an engine is no place for this instance. */
function refuseElsewhere(endpoint: Endpoint): Endpoint {
  if (endpoint.address.startsWith('unix://') || loopback.test(endpoint.address)) return endpoint
  if (!/^[a-z]+:\/\//.test(endpoint.address)) {
    throw new StackError('STACK_ENGINE_UNREACHABLE', `${JSON.stringify(endpoint.address)} is no address of an engine`, {
      hint: 'write DOCKER_HOST like unix:///var/run/docker.sock, or unset it',
      terminal: true,
    })
  }
  throw new StackError('STACK_ENGINE_REFUSED', `the engine at ${endpoint.address} is on another machine`, {
    hint: 'run stack on that machine: the files that stacklets mount have to be there',
    terminal: true,
  })
}
