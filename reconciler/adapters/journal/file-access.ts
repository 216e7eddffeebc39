import { StackError } from '../../model/errors.ts'

/** What the system said about a file of the journal or the ledger. */
function journalFailed(error: unknown, path: string): StackError {
  if (error instanceof StackError) return error
  const why = error instanceof Error ? error.message : String(error)
  return new StackError('STACK_FILES_FAILED', `cannot use ${path}: ${why}`, {
    hint: `let the user that runs stack read and write ${path}, and see that its disk has room`,
    cause: error,
  })
}

export async function naming<Answer>(path: string, work: () => Promise<Answer>): Promise<Answer> {
  return work().catch((error) => {
    throw journalFailed(error, path)
  })
}

/** What `work` answers, or null when the file or folder it reads is not there. */
export async function orAbsent<Answer>(path: string, work: () => Promise<Answer>): Promise<Answer | null> {
  return naming(path, () =>
    work().catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    }),
  )
}
