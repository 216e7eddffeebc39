import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import writeFileAtomic from 'write-file-atomic'

import type { LedgerEntry } from '../../model/actual.ts'
import { isStackletId } from '../../model/names.ts'
import type { Ledger } from '../../ports/ledger.ts'
import { naming, orAbsent } from './file-access.ts'
import { readEntry, writeEntry } from './ledger-text.ts'

export interface FileLedgerOptions {
  /** Absolute directory of `.stack/`. */
  readonly instance: string
}

/** `.stack/ledger/<id>.json`. */
export function fileLedger({ instance }: FileLedgerOptions): Ledger {
  const folder = join(instance, '.stack/ledger')
  const pathOf = (id: string) => join(folder, `${id}.json`)

  return {
    read: async () => {
      const ids = await idsIn(folder)
      const found = await Promise.all(ids.map(async (id) => [id, await entryAt(pathOf(id), id)] as const))
      return { entries: byId(found), broken: found.filter(([, entry]) => entry === null).map(([id]) => id) }
    },
    write: (entry) =>
      naming(pathOf(entry.id), async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await writeFileAtomic(pathOf(entry.id), writeEntry(entry), { mode: 0o600 })
      }),
    forget: (id) => naming(pathOf(id), () => rm(pathOf(id), { force: true })),
  }
}

async function idsIn(folder: string): Promise<readonly string[]> {
  const names = (await orAbsent(folder, () => readdir(folder))) ?? []
  const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length))
  return ids.filter(isStackletId).sort()
}

async function entryAt(path: string, id: string): Promise<LedgerEntry | null> {
  const text = await orAbsent(path, () => readFile(path, 'utf8'))
  return text === null ? null : readEntry(text, id)
}

/** Without a prototype: a stacklet may be called `constructor`. */
function byId(found: readonly (readonly [string, LedgerEntry | null])[]): Readonly<Record<string, LedgerEntry>> {
  const entries: Record<string, LedgerEntry> = Object.create(null)
  for (const [id, entry] of found) if (entry !== null) entries[id] = entry
  return entries
}
