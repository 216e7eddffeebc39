import type { Endpoint, Environment } from '../reconciler/adapters/docker/endpoint.ts'
import { privateAddress } from './demo-engine.ts'
import { engineAt, findEngine } from './find-engine.ts'
import { placesIn } from './places.ts'

/**
 * An engine that runs already and that tests and benchmarks may use: the one STACK_TEST_DOCKER_HOST names, else the machine's own,
 * else the demo's. Null where there is none, so that they start one; two in one network would break each other.
 */
export async function borrowEngine(env: Environment): Promise<Endpoint | null> {
  const named = env['STACK_TEST_DOCKER_HOST'] ?? ''
  if (named !== '') return { address: named, certificates: null }
  // An engine on another machine is none for tests: the files they mount are here.
  const usual = await findEngine(env).catch(() => null)
  if (usual?.kind === 'found') return usual.endpoint
  const demos = await engineAt({ address: privateAddress(placesIn(env)), certificates: null })
  return demos.kind === 'found' ? demos.endpoint : null
}
