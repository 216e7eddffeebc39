import type Docker from 'dockerode'
import { connect, unreachable } from '../reconciler/adapters/docker/connect.ts'
import { type Endpoint, type Environment, findEndpoint } from '../reconciler/adapters/docker/endpoint.ts'
import type { StackError } from '../reconciler/model/errors.ts'

export interface FoundEngine {
  readonly kind: 'found'
  readonly endpoint: Endpoint
  readonly client: Docker
  /** Docker's version, such as `28.2.2`. */
  readonly version: string
}

/** Nobody answers where Docker's own tools would look. */
export interface SilentEngine {
  readonly kind: 'silent'
  readonly endpoint: Endpoint
  /** The system's word for it: ENOENT, ECONNREFUSED, EACCES. */
  readonly why: string
  readonly error: StackError
}

const answerMs = 5000

/** The engine that Docker's own tools would use here: DOCKER_HOST, the current context, or /var/run/docker.sock. */
export async function findEngine(env: Environment): Promise<FoundEngine | SilentEngine> {
  return engineAt(await findEndpoint(env))
}

export async function engineAt(endpoint: Endpoint): Promise<FoundEngine | SilentEngine> {
  const client = await connect(endpoint)
  try {
    const { Version } = await versionOf(client, AbortSignal.timeout(answerMs))
    return { kind: 'found', endpoint, client, version: Version }
  } catch (thrown) {
    const why = (thrown as NodeJS.ErrnoException).code ?? String((thrown as Error).message)
    return { kind: 'silent', endpoint, why, error: unreachable(endpoint, why, thrown) }
  }
}

/** The client takes a signal here; its types do not say so. */
function versionOf(client: Docker, abortSignal: AbortSignal): Promise<Docker.DockerVersion> {
  const version = client.version.bind(client) as (options: object) => Promise<Docker.DockerVersion>
  return version({ abortSignal })
}
