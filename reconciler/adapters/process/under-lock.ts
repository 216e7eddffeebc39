import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

import { StackError } from '../../model/errors.ts'
import { holdFileLock } from './file-lock.ts'

/** A change is a moment's work: who does not get to it within this time waits for something that hangs. */
const longestWaitMs = 30_000

/** Does the work while no other process of ours does what this lock guards. Throws `STACK_LOCKED` when one does and does not end. */
export async function underLock<Answer>(
  path: string,
  work: () => Promise<Answer>,
  signal?: AbortSignal,
): Promise<Answer> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const held = await holdFileLock({ path, wait: { timeoutMs: longestWaitMs }, signal })
  if ('heldBy' in held) throw busy(path)
  try {
    return await work()
  } finally {
    await held.release()
  }
}

function busy(path: string): StackError {
  return new StackError('STACK_LOCKED', `another process changes what is written beside ${path}, and does not end`, {
    hint: 'wait until that process has ended, or end it',
  })
}
