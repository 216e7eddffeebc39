import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { StackError } from '../../model/errors.ts'
import type { Environment } from './endpoint.ts'

/** Where Docker looks for its plugins, the user's first. Called directly, the plugin starts faster than through `docker`. */
const pluginFolders = [
  '/usr/local/lib/docker/cli-plugins',
  '/usr/local/libexec/docker/cli-plugins',
  '/usr/lib/docker/cli-plugins',
  '/usr/libexec/docker/cli-plugins',
]

/** The words that begin a Compose v2 command line. Compose v1, the Python program of the same name, is never picked up. */
export async function findCompose(env: Environment): Promise<readonly string[]> {
  const config = env['DOCKER_CONFIG'] || join(env['HOME'] ?? '/root', '.docker')
  const plugins = [join(config, 'cli-plugins'), ...pluginFolders].map((folder) => join(folder, 'docker-compose'))
  const plugin = await firstExecutable(plugins)
  if (plugin !== null) return [plugin]
  throw new StackError('STACK_COMPOSE_MISSING', 'Docker Compose v2 is not installed', {
    hint: `install the package docker-compose-plugin (or docker-compose-v2), or put the plugin in ${join(config, 'cli-plugins')}`,
    terminal: true,
  })
}

async function firstExecutable(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  return null
}

/** What a child of ours sees of our environment: how to find programs and the engine, and nothing that could leak into a deploy. */
export function childEnvironment(env: Environment, dockerHost: string): Record<string, string> {
  const kept = [
    'PATH',
    'HOME',
    'DOCKER_CONFIG',
    'DOCKER_CERT_PATH',
    'DOCKER_TLS_VERIFY',
    'SSH_AUTH_SOCK',
    'XDG_RUNTIME_DIR',
  ]
  const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy']
  const passed = [...kept, ...proxies].flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]))
  const path = env['PATH'] ?? ['/usr/local/bin', '/usr/bin', '/bin'].join(delimiter)
  return { ...Object.fromEntries(passed), PATH: path, DOCKER_HOST: dockerHost, LC_ALL: 'C' }
}
