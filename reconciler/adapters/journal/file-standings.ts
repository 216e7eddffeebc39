import { join } from 'node:path'

import { isClear } from '../../model/standing.ts'
import type { Standings } from '../../ports/standings.ts'
import { idFiles } from './id-files.ts'
import { readStanding, writeStanding } from './standing-text.ts'

export interface FileStandingsOptions {
  /** Absolute directory of `.stack/`. */
  readonly instance: string
}

/** `.stack/standing/<id>.json`. */
export function fileStandings({ instance }: FileStandingsOptions): Standings {
  const files = idFiles(join(instance, '.stack/standing'), readStanding)
  return {
    read: async () => {
      const { entries, broken } = await files.read()
      return { standings: entries, broken }
    },
    write: (standing) =>
      isClear(standing) ? files.remove(standing.id) : files.write(standing.id, writeStanding(standing)),
  }
}
