import type { StackletId } from '../model/names.ts'
import type { Standing } from '../model/standing.ts'

/** What this host decided about stacklets: `.stack/standing/<id>.json`, 0600, atomic. */
export interface Standings {
  /** Those with something to remember. One that cannot be read is named in `broken` and left as it is. */
  read(): Promise<{
    readonly standings: Readonly<Record<string, Standing>>
    readonly broken: readonly StackletId[]
  }>
  /** Writes one down; one with nothing to remember is removed. */
  write(standing: Standing): Promise<void>
}
