import { join } from 'node:path'

import type { Ledger } from '../../ports/ledger.ts'
import { idFiles } from './id-files.ts'
import { readEntry, writeEntry } from './ledger-text.ts'

export interface FileLedgerOptions {
  /** Absolute directory of `.stack/`. */
  readonly instance: string
}

/** `.stack/ledger/<id>.json`. */
export function fileLedger({ instance }: FileLedgerOptions): Ledger {
  const files = idFiles(join(instance, '.stack/ledger'), readEntry)
  return {
    read: files.read,
    write: (entry) => files.write(entry.id, writeEntry(entry)),
    forget: files.remove,
  }
}
