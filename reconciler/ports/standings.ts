import type { StackletId } from '../model/names.ts'
import type { Standing } from '../model/standing.ts'

/** What this host decided about stacklets: `.stack/standing/<id>.json`, 0600, atomic. */
export interface Standings {
  /** Those with something to remember. One that cannot be read is named in `broken` and left as it is. */
  read(): Promise<AllStandings>
  /**
   * Writes what `edit` makes of those that are there, one process at a time: a hold that a person asks for is not lost to a run
   * that ends. One with nothing to remember is removed. Answers what was written.
   */
  change(
    edit: (all: AllStandings['standings']) => readonly Standing[],
    signal: AbortSignal,
  ): Promise<readonly Standing[]>
}

export interface AllStandings {
  readonly standings: Readonly<Record<string, Standing>>
  readonly broken: readonly StackletId[]
}
