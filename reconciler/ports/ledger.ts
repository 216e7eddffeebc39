import type { LedgerEntry } from '../model/actual.ts'
import type { StackletId } from '../model/names.ts'

/**
 * What was applied, one file a stacklet under `.stack/ledger/`, 0600, atomic. An entry that cannot be read counts as absent
 * (looking again rebuilds it) and is named in `broken`.
 */
export interface Ledger {
  read(): Promise<{ readonly entries: Readonly<Record<string, LedgerEntry>>; readonly broken: readonly string[] }>
  write(entry: LedgerEntry): Promise<void>
  forget(id: StackletId): Promise<void>
}
