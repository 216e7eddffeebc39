import { randomUUID } from 'node:crypto'
import { chown, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { lstatOrNull } from './lstat-or-null.ts'
import { makeFolders, pathOf } from './own-places.ts'

/**
 * Puts bytes at a path, 0600 from the first one, whole or not at all. They are staged under `.stack/`: what a killed process
 * leaves behind must not lie in a stacklet, where git would take it for a new file of the user's. Who writes holds the host's
 * lock, so that whatever is staged before the first write is such a rest, and is removed. A link in the file's place is
 * replaced, not followed; the file keeps its owner.
 */
export function fileReplacer(instance: string): (path: string, bytes: Uint8Array) => Promise<void> {
  const folder = { base: instance, folders: ['.stack', 'staged'] }
  let swept: Promise<void> | null = null

  return async (path, bytes) => {
    const place = { ...folder, name: randomUUID() }
    await makeFolders(place)
    swept ??= emptied(dirname(pathOf(place)))
    await swept
    try {
      await writeNew(pathOf(place), bytes, path)
      await rename(pathOf(place), path).catch((error) => rewriteThere(error, bytes, path))
    } finally {
      await rm(pathOf(place), { force: true })
    }
  }
}

async function emptied(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { force: true, recursive: true })
}

/** `.stack/` may be a disk of its own: then the staging must happen beside the file. */
async function rewriteThere(error: NodeJS.ErrnoException, bytes: Uint8Array, path: string): Promise<void> {
  if (error.code !== 'EXDEV') throw error

  const beside = `${path}.staged`
  await rm(beside, { force: true })
  await writeNew(beside, bytes, path)
  await rename(beside, path)
}

async function writeNew(path: string, bytes: Uint8Array, replaces: string): Promise<void> {
  await writeFile(path, bytes, { mode: 0o600, flag: 'wx', flush: true })
  const before = await lstatOrNull(replaces)
  if (before !== null) await chown(path, before.uid, before.gid).catch(() => {})
}
