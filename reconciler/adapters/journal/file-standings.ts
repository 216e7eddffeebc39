import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { StackError } from '../../model/errors.ts'
import { isClear, type Standing } from '../../model/standing.ts'
import type { AllStandings, Standings } from '../../ports/standings.ts'
import { holdFileLock } from '../process/file-lock.ts'
import { naming } from './file-access.ts'
import { idFiles } from './id-files.ts'
import { readStanding, writeStanding } from './standing-text.ts'

export interface FileStandingsOptions {
  /** Absolute directory of `.stack/`. */
  readonly instance: string
}

/** A change is a moment's work: who does not get to it within this time waits for something that hangs. */
const longestWaitMs = 30_000

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
      locked(lock, signal, async () => {
        const changed = edit((await read()).standings)
        for (const standing of changed) await write(standing)
        return changed
      }),
  }
}

async function locked<Answer>(path: string, signal: AbortSignal, work: () => Promise<Answer>): Promise<Answer> {
  return naming(path, async () => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const held = await holdFileLock({ path, wait: { timeoutMs: longestWaitMs }, signal })
    if ('heldBy' in held) throw busy(path)
    try {
      return await work()
    } finally {
      await held.release()
    }
  })
}

function busy(path: string): StackError {
  return new StackError('STACK_LOCKED', `another process changes what is written beside ${path}, and does not end`, {
    hint: 'wait until that process has ended, or end it',
  })
}
