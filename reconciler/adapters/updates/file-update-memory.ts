import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { StackError } from '../../model/errors.ts'
import type { UpdateNotes } from '../../model/update-notes.ts'
import type { UpdateMemory } from '../../ports/update-memory.ts'
import { underLock } from '../process/under-lock.ts'
import { readNotes, writeNotes } from './notes-text.ts'

export interface FileUpdateMemoryOptions {
  /** Absolute directory of `.stack/`. */
  readonly instance: string
}

/** `.stack/first-seen`. */
export function fileUpdateMemory({ instance }: FileUpdateMemoryOptions): UpdateMemory {
  const path = join(instance, '.stack/first-seen')
  const read = async (): Promise<UpdateNotes> => readNotes(await readFile(path, 'utf8').catch(() => ''))

  return {
    read,
    change: (edit, signal) => {
      const change = async (): Promise<UpdateNotes> => {
        const before = await read()
        const after = edit(before)
        if (after !== before) await writeFileAtomic(path, writeNotes(after), { mode: 0o600 })
        return after
      }
      return underLock(`${path}.lock`, change, signal).catch(failing(path, signal))
    },
  }
}

function failing(path: string, signal: AbortSignal): (error: Error) => never {
  return (error) => {
    if (error instanceof StackError || signal.aborted) throw error
    throw new StackError('STACK_FILES_FAILED', `cannot write ${path}: ${error.message}`, {
      hint: `let the user that runs stack write ${path}, and see that its disk has room`,
      cause: error,
    })
  }
}
