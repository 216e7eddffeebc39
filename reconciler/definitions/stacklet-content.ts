import { digestOf } from '../lib/digest.ts'
import type { Digest } from '../model/names.ts'
import type { Stacklet } from '../model/stacklet.ts'

/** One digest of what git says about a stacklet: the files of its directory that can change what runs. */
export function contentOf(stacklet: Stacklet): Digest {
  const deciding = Object.entries(stacklet.files).filter(([path]) => canMatter(path))
  return digestOf(Object.fromEntries(deciding)) as Digest
}

/** `uncommitted edits in stacklets/photos (docker-compose.yml)`; null when there are none that can matter. */
export function uncommittedEdits(path: string, uncommitted: readonly string[]): string | null {
  const inside = uncommitted
    .filter((edited) => edited === path || edited.startsWith(`${path}/`))
    .map((edited) => edited.slice(path.length + 1))
    .filter(canMatter)
  if (inside.length === 0) return null
  const shown = inside.slice(0, 3).map((file) => file || 'the whole directory')
  return `uncommitted edits in ${path} (${[...shown, ...(inside.length > 3 ? ['…'] : [])].join(', ')})`
}

/** Read by people (documents), by the command line only (cli/), or written by us (.env). */
function canMatter(path: string): boolean {
  return !(path.endsWith('.md') || path.startsWith('cli/') || path === '.env')
}
