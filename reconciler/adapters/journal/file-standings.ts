import { join } from 'node:path'

import { isClear, type Standing } from '../../model/standing.ts'
import type { AllStandings, Standings } from '../../ports/standings.ts'
import { underLock } from '../process/under-lock.ts'
import { naming } from './file-access.ts'
import { idFiles } from './id-files.ts'
import { readStanding, writeStanding } from './standing-text.ts'

export interface FileStandingsOptions {
  /** Absolute directory of `.stack/`. */
  readonly instance: string
}

/** `.stack/standing/<id>.json`, changed under a lock on `.stack/standing.lock`. */
export function fileStandings({ instance }: FileStandingsOptions): Standings {
  const files = idFiles(join(instance, '.stack/standing'), readStanding)
  const lock = join(instance, '.stack/standing.lock')
  const read = async (): Promise<AllStandings> => {
    const { entries, broken } = await files.read()
    return { standings: entries, broken }
  }
  const write = (standing: Standing): Promise<void> =>
    isClear(standing) ? files.remove(standing.id) : files.write(standing.id, writeStanding(standing))

  return {
    read,
    change: (edit, signal) =>
      naming(lock, () =>
        underLock(
          lock,
          async () => {
            const changed = edit((await read()).standings)
            for (const standing of changed) await write(standing)
            return changed
          },
          signal,
        ),
      ),
  }
}
