import { mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { StackError } from '../../model/errors.ts'
import type { LocalLock } from '../../ports/local-lock.ts'
import { holdFileLock } from '../process/file-lock.ts'

export interface FileLocalLockOptions {
  /** Absolute directory of `.stack/`. */
  readonly instance: string
}

const waitMs = 30_000

/** `.stack/stack.lock`. */
export function fileLocalLock({ instance }: FileLocalLockOptions): LocalLock {
  const path = join(instance, '.stack/stack.lock')
  const read = (): Promise<string | null> => readFile(path, 'utf8').catch(orNone(path))
  return {
    read,
    async change(edit, signal) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const lock = await holdFileLock({ path: `${path}.held`, wait: { timeoutMs: waitMs }, signal })
      if ('heldBy' in lock) throw failure(path, 'another process holds it')
      try {
        const text = edit(await read())
        if (text === '') await rm(path, { force: true })
        else await writeFileAtomic(path, text, { mode: 0o600 })
      } finally {
        await lock.release()
      }
    },
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
