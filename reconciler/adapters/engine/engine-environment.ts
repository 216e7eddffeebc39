import { dirname } from 'node:path'

import type { EngineBinaries } from './unpack-engine.ts'

/**
 * The complete environment for a program that uses a private engine: its docker first in PATH, its socket, and a client configuration
 * that has Compose v2 and no credentials. Nothing that would lead a client elsewhere is left from `base`.
 */
export function engineEnvironment(
  binaries: EngineBinaries,
  dockerHost: string,
  base: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const { DOCKER_CONTEXT: _context, DOCKER_TLS_VERIFY: _verify, DOCKER_CERT_PATH: _certificates, ...rest } = base
  return {
    ...rest,
    PATH: [dirname(binaries.docker), base['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'].join(':'),
    DOCKER_HOST: dockerHost,
    DOCKER_CONFIG: binaries.clientConfig,
  }
}
