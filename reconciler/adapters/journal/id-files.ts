import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'

import writeFileAtomic from 'write-file-atomic'

import { isStackletId, type StackletId } from '../../model/names.ts'
import { readAgain } from '../process/read-again.ts'
import { naming, orAbsent } from './file-access.ts'

/** One file a stacklet in a folder of ours, `<id>.json`, 0600 and atomic. */
export interface IdFiles<Entry> {
  /** Every entry by id; those that cannot be read are named in `broken`. Without a prototype: a stacklet may be called `constructor`. */
  read(): Promise<{ readonly entries: Readonly<Record<string, Entry>>; readonly broken: readonly StackletId[] }>
  write(id: StackletId, text: string): Promise<void>
  remove(id: StackletId): Promise<void>
}

/** `parse` answers null for a text that is none of ours. */
export function idFiles<Entry>(folder: string, parse: (text: string, id: string) => Entry | null): IdFiles<Entry> {
  const pathOf = (id: string) => join(folder, `${id}.json`)
  const entryIn = readAgain((bytes, path) => parse(bytes.toString('utf8'), basename(path, '.json')))
  const entryAt = (id: string): Promise<Entry | null> => orAbsent(pathOf(id), () => entryIn(pathOf(id)))
  return {
    read: async () => {
      const ids = await idsIn(folder)
      const found = await Promise.all(ids.map(async (id) => [id, await entryAt(id)] as const))
      const entries: Record<string, Entry> = Object.create(null)
      for (const [id, entry] of found) if (entry !== null) entries[id] = entry
      return { entries, broken: found.filter(([, entry]) => entry === null).map(([id]) => id) }
    },
    write: (id, text) =>
      naming(pathOf(id), async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await writeFileAtomic(pathOf(id), text, { mode: 0o600 })
      }),
    remove: (id) => naming(pathOf(id), () => rm(pathOf(id), { force: true })),
  }
}

async function idsIn(folder: string): Promise<readonly StackletId[]> {
  const names = (await orAbsent(folder, () => readdir(folder))) ?? []
  const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length))
  return ids.filter(isStackletId).sort()
}
