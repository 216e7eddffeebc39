import { dirname } from 'node:path'

import { StackError } from '../../model/errors.ts'

/** The answer of a reading, null where nothing lies. */
export async function orAbsent<Answer>(read: () => Promise<Answer>): Promise<Answer | null> {
  return read().catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  })
}

/** Says which path the system refused, and what helps. */
export async function naming<Answer>(path: string, act: string, work: () => Promise<Answer>): Promise<Answer> {
  return work().catch((error: NodeJS.ErrnoException) => {
    if (error instanceof StackError) throw error
    throw new StackError('STACK_FILES_FAILED', `cannot ${act} ${path}: ${error.message}`, {
      hint: `let the user that runs stack write in ${dirname(path)}, and see that its disk has room`,
      cause: error,
    })
  })
}
