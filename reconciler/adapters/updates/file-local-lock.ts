import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { StackError } from '../../model/errors.ts'
import type { LocalLock } from '../../ports/local-lock.ts'
import { underLock } from '../process/under-lock.ts'

export interface FileLocalLockOptions {
  /** Absolute directory of `.stack/`. */
  readonly instance: string
}

/** `.stack/stack.lock`. */
export function fileLocalLock({ instance }: FileLocalLockOptions): LocalLock {
  const path = join(instance, '.stack/stack.lock')
  const read = (): Promise<string | null> => readFile(path, 'utf8').catch(orNone(path))
  return {
    read,
    change: (edit, signal) =>
      underLock(
        `${path}.held`,
        async () => {
          const text = edit(await read())
          if (text === '') await rm(path, { force: true })
          else await writeFileAtomic(path, text, { mode: 0o600 })
        },
        signal,
      ),
  }
}

function orNone(path: string): (error: NodeJS.ErrnoException) => null {
  return (error) => {
    if (error.code === 'ENOENT') return null
    throw failure(path, error.message)
  }
}

function failure(path: string, words: string): StackError {
  return new StackError('STACK_FILES_FAILED', `cannot use ${path}: ${words}`, {
    hint: `let the user that runs stack read and write ${path}`,
  })
}
