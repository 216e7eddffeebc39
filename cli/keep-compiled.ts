import module from 'node:module'
import { isAbsolute, join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>
interface WithCache {
  /** Since Node 22.1. */
  readonly enableCompileCache?: (folder: string) => unknown
}

/** Lets Node keep what it compiles of us, where it can: the next start is faster. In the user's own folder, not in one that all may write. */
export function keepCompiled(env: Environment): void {
  const folder = cacheFolder(env)
  if (folder !== null) (module as WithCache).enableCompileCache?.(folder)
}

function cacheFolder({ XDG_CACHE_HOME: named = '', HOME: home = '' }: Environment): string | null {
  if (isAbsolute(named)) return join(named, 'stackloop/compiled')
  return isAbsolute(home) ? join(home, '.cache/stackloop/compiled') : null
}
