import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'

import type { StackletId } from '../../model/names.ts'
import { refused } from './files-failed.ts'
import { lstatOrNull } from './lstat-or-null.ts'
import { mustBeId, mustStayInside } from './own-places.ts'

/** Renames `<dataDir>/<id>` to `<dataDir>/.trash/<id>-<time>` and answers that path; null when there is nothing to move. */
export async function moveToTrash(dataDir: string, id: StackletId, at: Date): Promise<string | null> {
  mustBeId(id)
  const data = join(dataDir, id)
  const stats = await lstatOrNull(data)
  if (stats === null) return null
  if (stats.isSymbolicLink()) {
    throw refused(
      data,
      'is a link: what it leads to was not touched',
      `move the data by hand, then remove the link ${data}`,
    )
  }

  const trash = join(dataDir, '.trash')
  await mkdir(trash, { recursive: true, mode: 0o700 })
  await mustStayInside(trash, dataDir)
  const path = await freePath(join(trash, `${id}-${stamp(at)}`))
  await rename(data, path)
  return path
}

/** A rename would silently replace an empty folder. */
async function freePath(wanted: string): Promise<string> {
  let path = wanted
  for (let count = 2; (await lstatOrNull(path)) !== null; count++) path = `${wanted}-${count}`
  return path
}

/** 20261121T001922Z */
function stamp(at: Date): string {
  return at.toISOString().replaceAll(/[-:]|\.\d+/g, '')
}
