import { access, constants } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'

import type { PrivateEngine, PrivateEngineLook } from '../../ports/private-engine.ts'
import { engineFolders } from './engine-config.ts'
import { otherEngine } from './other-engine.ts'
import { startEngine } from './start-engine.ts'
import { runningEngine } from './stop-engine.ts'
import { clientConfigIn, unpackEngine } from './unpack-engine.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface PrivateEngineOptions {
  readonly env: Environment
}

/** Among the data of its user, not in a cache: volumes lie there. */
export function privateEngine({ env }: PrivateEngineOptions): PrivateEngine {
  const named = env['XDG_DATA_HOME'] ?? ''
  const data = isAbsolute(named) ? named : join(env['HOME'] || '/root', '.local/share')
  const folder = join(data, 'stackloop/engine')
  return {
    look: () => look(folder, env),
    async start(onLine, signal) {
      const binaries = await unpackEngine({ folder, signal, onLine })
      await startEngine({ binaries, folder: join(folder, 'run'), signal })
    },
  }
}

async function look(folder: string, env: Environment): Promise<PrivateEngineLook> {
  const at = engineFolders(join(folder, 'run'))
  const isRunning = (await runningEngine(at)) !== undefined
  const address = `unix://${at.socket}`
  const exports = `export DOCKER_HOST=${address} DOCKER_CONFIG=${clientConfigIn(folder)} PATH=${join(folder, 'root/usr/bin')}:$PATH`
  const obstacle = isRunning ? null : await obstacleTo(env)
  const isUnpacked = await isThere(join(folder, 'stamp.json'))
  return { folder, address, isUnpacked, isRunning, exports, obstacle }
}

async function obstacleTo(env: Environment): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'only root can start one'
  const other = await otherEngine()
  if (other !== undefined) return `another engine runs on this machine, as process ${other}`
  for (const program of ['dockerd', 'podman']) {
    if (await isInPath(program, env)) return `${program} is installed here`
  }
  const isDebian = (await isInPath('apt-get', env)) && (await isInPath('dpkg-deb', env))
  return isDebian ? null : 'it is made of packages of Debian, and this is another system'
}

async function isInPath(program: string, env: Environment): Promise<boolean> {
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin'].filter(isAbsolute)
  const found = await Promise.all(folders.map((folder) => isThere(join(folder, program), constants.X_OK)))
  return found.includes(true)
}

function isThere(path: string, mode?: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  )
}
