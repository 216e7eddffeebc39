import { findCompose } from '../reconciler/adapters/docker/compose-binary.ts'
import type { Endpoint, Environment } from '../reconciler/adapters/docker/endpoint.ts'
import { engineEnvironment } from '../reconciler/adapters/engine/engine-environment.ts'
import type { EngineBinaries } from '../reconciler/adapters/engine/unpack-engine.ts'

/** Nothing that a shell or a git hook left behind may lead a program of ours to another instance or repository. */
export function undisturbed(env: Environment): NodeJS.ProcessEnv {
  const misleading = /^(?:GIT_|STACK_DIR$|STACK_HOST$)/
  return Object.fromEntries(Object.entries(env).filter(([name]) => !misleading.test(name)))
}

/** True when Compose v2 is where Docker's own tools look for it. */
export function hasCompose(env: Environment): Promise<boolean> {
  return findCompose(env).then(
    () => true,
    () => false,
  )
}

/** The environment of a program that uses this engine with our own client, Compose v2 and buildx. */
export function withParts(parts: EngineBinaries, endpoint: Endpoint, env: Environment): NodeJS.ProcessEnv {
  const { certificates } = endpoint
  const tls = certificates === null ? {} : { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certificates }
  return { ...engineEnvironment(parts, endpoint.address, env), ...tls }
}
