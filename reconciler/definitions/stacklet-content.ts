import { digestOf } from '../lib/digest.ts'
import { insidePath, isWithin, relativePath } from '../lib/inside-path.ts'
import { type LockedImage, pinnedReferences } from '../model/locked-image.ts'
import type { Digest } from '../model/names.ts'
import type { Stacklet } from '../model/stacklet.ts'

/** One digest of what git says about a stacklet: the files of its directory that can change what runs, and its lines of the lock. */
export function contentOf(stacklet: Stacklet, locked: Readonly<Record<string, LockedImage>>): Digest {
  const deciding = Object.entries(stacklet.files).filter(([path]) => canMatter(path, stacklet))
  const lines = Object.entries(pinnedReferences(locked)).map(([service, pinned]) => [`lock of ${service}`, pinned])
  return digestOf(Object.fromEntries([...deciding, ...lines])) as Digest
}

/** `uncommitted edits in stacklets/photos (docker-compose.yml)`; null when there are none that can matter. */
export function uncommittedEdits(stacklet: Stacklet, uncommitted: readonly string[]): string | null {
  const { path } = stacklet
  const inside = uncommitted
    .filter((edited) => [path, ...stacklet.references].some((place) => isWithin(edited, place)))
    .map((edited) => relativePath(path, edited))
    .filter((edited) => canMatter(edited, stacklet))
  if (inside.length === 0) return null
  const shown = inside.slice(0, 3).map((file) => file || 'the whole directory')
  return `uncommitted edits in ${path} (${[...shown, ...(inside.length > 3 ? ['…'] : [])].join(', ')})`
}

/** Not what is for people or was written by us (.env): unless a service reads it as well. */
function canMatter(path: string, stacklet: Stacklet): boolean {
  const inRoot = insidePath(stacklet.path, path) ?? ''
  if (stacklet.references.some((place) => isWithin(inRoot, place))) return path !== '.env'
  return !isForPeople(path) && path !== '.env'
}

/** A document, or what only the command line reads: of such a file it has to be known whether a service reads it as well. */
export function isForPeople(path: string): boolean {
  return path.endsWith('.md') || path.startsWith('cli/')
}
