import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { isWithin, relativePath } from '../../lib/inside-path.ts'

/** The root as it is, our copy of a part of it, and the stacklet's own directory in it: `stacklets/photos`. */
export interface Copied {
  readonly root: string
  readonly copy: string
  readonly path: string
}

/**
 * A resolved Compose document whose sources are taken from our copy where git has changed them meanwhile. A folder in which
 * more lies than was copied stays: it may be somebody's data.
 */
export async function turnedSources(document: unknown, copied: Copied): Promise<unknown> {
  const turns = new Map<string, string>()
  for (const path of new Set(pathsIn(document, copied.root))) {
    const inRoot = relativePath(copied.root, path)
    if (!isWithin(copied.path, inRoot) && (await isChanged(inRoot, copied))) turns.set(path, join(copied.copy, inRoot))
  }
  return turned(document, turns)
}

function pathsIn(value: unknown, root: string): readonly string[] {
  if (typeof value === 'string') return isWithin(value, root) ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((one) => pathsIn(one, root))
}

function turned(value: unknown, turns: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return turns.get(value) ?? value
  if (Array.isArray(value)) return value.map((one) => turned(one, turns))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, turned(one, turns)]))
}

/** Whether our copy has it, and says something else. */
async function isChanged(path: string, { root, copy }: Copied): Promise<boolean> {
  const [kept, now] = await Promise.all([kindOf(join(copy, path)), kindOf(join(root, path))])
  if (kept === null) return false
  if (now === null) return true
  if (kept !== now) return false
  return kept === 'file' ? differs(path, { root, copy }) : folderDiffers(path, { root, copy })
}

async function folderDiffers(path: string, { root, copy }: Pick<Copied, 'root' | 'copy'>): Promise<boolean> {
  const [kept, now] = await Promise.all([filesIn(join(copy, path)), filesIn(join(root, path))])
  if (now.some((file) => !kept.includes(file))) return false
  if (now.length < kept.length) return true
  const changes = await Promise.all(kept.map((file) => differs(join(path, file), { root, copy })))
  return changes.includes(true)
}

async function differs(path: string, { root, copy }: Pick<Copied, 'root' | 'copy'>): Promise<boolean> {
  const [kept, now] = await Promise.all([readFile(join(copy, path)), readFile(join(root, path))])
  return !kept.equals(now)
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => !entry.isDirectory())
  return files.map((entry) => relativePath(folder, join(entry.parentPath, entry.name))).sort()
}

async function kindOf(path: string): Promise<'file' | 'folder' | null> {
  const stats = await lstat(path).catch(() => null)
  if (stats?.isDirectory()) return 'folder'
  return stats?.isFile() ? 'file' : null
}
