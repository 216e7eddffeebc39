import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'

import type { Environment } from '../reconciler/adapters/docker/endpoint.ts'

/** Everything that demo, benchmark and tests keep on a machine: one folder per thing, each safe to remove when nothing runs. */
export interface Places {
  /** Debian's packages of Docker, unpacked. */
  readonly parts: string
  /** What the private engine keeps: socket, log, images. */
  readonly engine: string
  /** The demo's copy of the shipped example. */
  readonly copy: string
}

export function placesIn(env: Environment): Places {
  const cache = join(cacheHome(env), 'stackloop')
  return { parts: join(cache, 'engine'), engine: join(cache, 'engine/run'), copy: join(cache, 'demo') }
}

/** A relative XDG_CACHE_HOME does not count, says its specification. */
function cacheHome(env: Environment): string {
  const named = env['XDG_CACHE_HOME'] ?? ''
  return isAbsolute(named) ? named : join(env['HOME'] || homedir(), '.cache')
}

/** True while this runs from its TypeScript sources, not from dist/. */
const isSource = import.meta.filename.endsWith('.ts')

/** The folder of the package: where desired/ and stacklets/ of the shipped example are. */
export const packageRoot = join(dirname(import.meta.filename), isSource ? '..' : '../..')

/** The words that begin a call of the real command. */
export function stackCommand(): readonly string[] {
  if (!isSource) return [process.execPath, join(packageRoot, 'dist/cli/main.js')]
  return [process.execPath, '--import', import.meta.resolve('tsx'), join(packageRoot, 'cli/main.ts')]
}
