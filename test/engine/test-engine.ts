import { inject } from 'vitest'

import { type Docker, dockerClient, type TestImages } from './images.ts'

/** A real engine for one test run: what global-setup.ts prepared. */
export interface TestEngine {
  readonly dockerHost: string
  /** The complete environment of a program that uses it: PATH with docker, DOCKER_HOST, DOCKER_CONFIG with Compose v2. */
  readonly env: Readonly<Record<string, string>>
  /** `127.0.0.1:PORT`; push and pull need no credentials. */
  readonly registry: string
  readonly images: TestImages
  /** A private one of the tests; otherwise one that others use as well. */
  readonly isOwn: boolean
}

export function testEngine(): TestEngine & { readonly docker: Docker } {
  const engine = inject('engine')
  return { ...engine, docker: dockerClient(engine.env) }
}
