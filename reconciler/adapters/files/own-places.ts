import { mkdir, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'

import { isStackletId, type StackletId } from '../../model/names.ts'
import type { OwnFile } from '../../ports/instance-files.ts'
import { isGone, refused } from './files-failed.ts'

/** Where a file of ours lies: a folder of ours below a base that it must not leave, and its name. */
export interface OwnPlace {
  readonly base: string
  readonly folders: readonly string[]
  readonly name: string
}

export function ownPlace(instance: string, file: OwnFile, id: StackletId): OwnPlace {
  mustBeId(id)
  switch (file) {
    case 'env':
      return { base: instance, folders: ['stacklets', id], name: '.env' }
    case 'marker':
      return { base: instance, folders: ['.stack'], name: `${id}.setup-done` }
    case 'progress':
      return { base: instance, folders: ['.stack'], name: `${id}.setup-progress` }
    case 'services':
      return { base: instance, folders: ['.stack'], name: `${id}.services` }
    case 'hook':
      return { base: instance, folders: ['.stack'], name: `${id}.hook` }
    case 'document':
      return { base: instance, folders: ['.stack', 'compose'], name: `${id}.yml` }
  }
}

/** Ids are checked where they enter; what deletes and writes checks them once more. */
export function mustBeId(id: StackletId): void {
  if (!isStackletId(id)) throw refused(JSON.stringify(id), 'is not the name of a stacklet', 'rename the stacklet')
}

export function pathOf({ base, folders, name }: OwnPlace): string {
  return join(base, ...folders, name)
}

/** Makes the folders of a place, 0700 under .stack, and stops at the first that a link leads out of the base. */
export async function makeFolders({ base, folders }: OwnPlace): Promise<void> {
  let path = base
  for (const folder of folders) {
    path = join(path, folder)
    await mkdir(path, folders[0] === '.stack' ? { mode: 0o700 } : {}).catch(unlessThere)
    await mustStayInside(path, base)
  }
}

/** Refuses a path that leads, over links, out of its base. One that is not there leads nowhere. */
export async function mustStayInside(path: string, base: string): Promise<void> {
  const [real, realBase] = await Promise.all([realOrNull(path), realpath(base)])
  if (real === null || real === realBase || real.startsWith(realBase + sep)) return
  throw refused(
    path,
    `leads out of ${base}, to ${real}: nothing was touched`,
    `put a directory or file of its own at ${path}`,
  )
}

async function realOrNull(path: string): Promise<string | null> {
  return realpath(path).catch((error) => {
    if (isGone(error)) return null
    throw error
  })
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
