import { createHash } from 'node:crypto'
import { type Dirent, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** How the folders stood at one look. Contents are not read. Little is kept of each: there may be thousands. */
export type FileTree = ReadonlyMap<string, FolderLook>

export interface FolderLook {
  /** Tells it from another one of the same name. */
  readonly identity: string
  /** Equal when nobody wrote to a file in it, made or removed one. */
  readonly stamp: string
  /** The same of the folders in it. */
  readonly shape: string
  readonly folders: readonly string[]
}

export interface Places {
  /** Absolute; often the same. */
  readonly instance: string
  readonly root: string
}

/** What git does not have, or what is ours: no news. */
const ignored: ReadonlySet<string> = new Set(['.git', '.stack', '.env', 'data', 'node_modules', '__pycache__'])
const ofInstance: readonly string[] = ['stack.toml', 'users.toml', 'desired']
const ofRoot: readonly string[] = ['stacklets']

/** What a person declares: files of the instance, and its stacklets, all the way down. Links are not followed. */
export function lookAtFiles(places: Places): FileTree {
  const tree = new Map<string, FolderLook>()
  const todo = [places.instance, places.root]
  for (let folder = todo.pop(); folder !== undefined; folder = todo.pop()) {
    const look = tree.has(folder) ? null : lookAtFolder(folder, places)
    if (look === null) continue
    tree.set(folder, look)
    todo.push(...look.folders)
  }
  return tree
}

/** The tree after only these folders were looked at again; looked at as a whole where folders came or went. */
export function lookAgain(tree: FileTree, folders: Iterable<string>, places: Places): FileTree {
  const next = new Map(tree)
  for (const folder of folders) {
    const [before, now] = [tree.get(folder), lookAtFolder(folder, places)]
    if (now === null || before?.shape !== now.shape || before.identity !== now.identity) return lookAtFiles(places)
    next.set(folder, now)
  }
  return next
}

export function isSameTree(one: FileTree, other: FileTree): boolean {
  if (one.size !== other.size) return false
  for (const [folder, { stamp, shape }] of one) {
    const there = other.get(folder)
    if (there?.stamp !== stamp || there.shape !== shape) return false
  }
  return true
}

/** Asked without promises: they would take five times as long, and ten megabytes. */
function lookAtFolder(folder: string, places: Places): FolderLook | null {
  const identity = identityOf(folder)
  if (identity === null) return null
  const entries = entriesOf(folder).filter(({ name }) => isWanted(folder, name, places))
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name))
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => join(folder, name))
  return {
    identity,
    folders,
    stamp: digestOf(files.map((path) => `${path} ${stampOf(path)}`)),
    shape: digestOf(folders.map((path) => `${path} ${identityOf(path)}`)),
  }
}

function isWanted(folder: string, name: string, { instance, root }: Places): boolean {
  if (folder !== instance && folder !== root) return !ignored.has(name)
  return (folder === instance && ofInstance.includes(name)) || (folder === root && ofRoot.includes(name))
}

/** What vanishes meanwhile is told by the next look. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

function identityOf(folder: string): string | null {
  const stats = lstatSync(folder, { throwIfNoEntry: false })
  return stats?.isDirectory() ? `${stats.dev}:${stats.ino}:${stats.birthtimeMs}` : null
}

function stampOf(path: string): string {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  return stats === undefined ? 'gone' : `${stats.ino}:${stats.size}:${stats.mtimeMs}:${stats.ctimeMs}:${stats.mode}`
}

function digestOf(lines: readonly string[]): string {
  if (lines.length === 0) return ''
  return createHash('sha1').update(lines.toSorted().join('\n')).digest('base64')
}
