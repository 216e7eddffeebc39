import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { StackError } from '../../model/errors.ts'
import type { UpdateNotes } from '../../model/update-notes.ts'
import type { UpdateMemory } from '../../ports/update-memory.ts'
import { holdFileLock } from '../process/file-lock.ts'
import { readNotes, writeNotes } from './notes-text.ts'

export interface FileUpdateMemoryOptions {
  /** Absolute directory of `.stack/`. */
  readonly instance: string
}

const waitMs = 30_000

/** `.stack/first-seen`. */
export function fileUpdateMemory({ instance }: FileUpdateMemoryOptions): UpdateMemory {
  const folder = join(instance, '.stack')
  const path = join(folder, 'first-seen')
  const read = async (): Promise<UpdateNotes> => readNotes(await readFile(path, 'utf8').catch(() => ''))

  return {
    read,
    async change(edit, signal) {
      await mkdir(folder, { recursive: true, mode: 0o700 }).catch(failing(path))
      const owner = `pid ${process.pid} notes updates`
      const lock = await holdFileLock({ path: `${path}.lock`, wait: { timeoutMs: waitMs }, signal, owner })
      if ('heldBy' in lock) throw busy(path, lock.heldBy)
      try {
        const before = await read()
        const after = edit(before)
        if (after !== before) await writeFileAtomic(path, writeNotes(after), { mode: 0o600 }).catch(failing(path))
        return after
      } finally {
        await lock.release()
      }
    },
  }
}

function busy(path: string, heldBy: string): StackError {
  const message = `${heldBy || 'another process'} holds ${path} and does not let go`
  return new StackError('STACK_LOCKED', message, { hint: 'wait until that process has ended, or end it' })
}

function failing(path: string): (error: Error) => never {
  return (error) => {
    throw new StackError('STACK_FILES_FAILED', `cannot write ${path}: ${error.message}`, {
      hint: `let the user that runs stack write ${path}, and see that its disk has room`,
      cause: error,
    })
  }
}
