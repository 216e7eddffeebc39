import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** How a folder stood at one look. Contents are not read: equal stamps mean that nobody wrote. */
export interface FileTree {
  /** Every folder that can change it, with what tells it from another one of the same name. */
  readonly folders: ReadonlyMap<string, string>
  /** Every file, by path. */
  readonly stamps: ReadonlyMap<string, string>
}

/** What git does not have, or what is ours: no news. */
const ignored: ReadonlySet<string> = new Set(['.git', '.stack', '.env', 'data', 'node_modules', '__pycache__'])

/** What a person declares: these files of the instance, and its stacklets, all the way down. Links are not followed. */
export async function lookAtFiles(places: Places): Promise<FileTree> {
  const tree = { folders: new Map<string, string>(), stamps: new Map<string, string>() }
  await note(places.instance, tree, { only: ['stack.toml', 'users.toml', 'desired'] })
  await note(places.root, tree, { only: ['stacklets'] })
  return tree
}

export interface Places {
  /** Absolute; often the same. */
  readonly instance: string
  readonly root: string
}

interface GrowingTree {
  readonly folders: Map<string, string>
  readonly stamps: Map<string, string>
}

/** One after another: a few thousand at once cost more memory than all the rest. */
async function note(folder: string, tree: GrowingTree, { only }: { readonly only?: readonly string[] } = {}) {
  const identity = await identityOf(folder)
  if (identity === null) return
  tree.folders.set(folder, identity)
  // What vanishes meanwhile is told by the next look.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const isWanted = only === undefined ? !ignored.has(entry.name) : only.includes(entry.name)
    if (!isWanted) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await note(path, tree)
    else tree.stamps.set(path, await stampOf(path))
  }
}

async function identityOf(folder: string): Promise<string | null> {
  const stats = await lstat(folder).catch(() => null)
  return stats?.isDirectory() ? `${stats.dev}:${stats.ino}:${stats.birthtimeMs}` : null
}

async function stampOf(path: string): Promise<string> {
  const stats = await lstat(path).catch(() => null)
  return stats === null ? 'gone' : `${stats.ino}:${stats.size}:${stats.mtimeMs}:${stats.ctimeMs}:${stats.mode}`
}
