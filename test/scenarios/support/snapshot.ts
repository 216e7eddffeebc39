import { createHash } from 'node:crypto'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'

/** Path to what would change if anybody wrote there: a folder's own time too, so that a file made and removed shows. */
export type Snapshot = Readonly<Record<string, string>>

export async function snapshot(folder: string): Promise<Snapshot> {
  const paths = await readdir(folder, { recursive: true })
  const lines = await Promise.all(
    ['.', ...paths].map(async (path) => [path, await lineOf(join(folder, path))] as const),
  )
  return Object.fromEntries(lines.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Paths that differ between two snapshots, sorted. */
export function changedPaths(before: Snapshot, after: Snapshot): readonly string[] {
  const paths = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...paths].filter((path) => before[path] !== after[path]).sort()
}

async function lineOf(path: string): Promise<string> {
  const stats = await lstat(path, { bigint: true })
  const content = await contentOf(path, stats)
  return [stats.mode.toString(8), stats.size, stats.mtimeNs, stats.ino, content].join(' ')
}

async function contentOf(path: string, stats: { isFile(): boolean; isSymbolicLink(): boolean }): Promise<string> {
  if (stats.isSymbolicLink()) return readlink(path)
  if (!stats.isFile()) return ''
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}
