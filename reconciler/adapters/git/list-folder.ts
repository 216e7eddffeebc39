import type { Dirent } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { generatedNames } from './generated.ts'
import type { Names } from './tree-part.ts'

/** What every instance's .gitignore names, and what no repository would list. */
const ignored = new Set(['.git', '.stack', 'node_modules', ...generatedNames])

/** The files and links under these names, for a folder that has no repository. Links are listed, not followed. */
export async function listFolder(root: string, names: Names): Promise<readonly string[]> {
  const listed = await Promise.all(names.map((name) => listName(root, name)))
  return listed.flat()
}

async function listName(root: string, name: string): Promise<readonly string[]> {
  const stats = await lstat(join(root, name)).catch(() => null)
  if (stats === null) return []
  return stats.isDirectory() ? listUnder(root, name) : [name]
}

async function listUnder(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true })
  const listed = await Promise.all(entries.filter(({ name }) => !ignored.has(name)).map(pathsOf))
  return listed.flat()

  async function pathsOf(entry: Dirent): Promise<readonly string[]> {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? listUnder(root, path) : [path]
  }
}
