import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { StackError } from '../../model/errors.ts'
import type { FileEdit } from '../../ports/instance-editor.ts'
import { holdFileLock } from '../process/file-lock.ts'

/** An edit is a moment's work, but many may queue, and each may have to ask a slow remote. */
const longestWaitMs = 5 * 60_000

/** Does the work while no other process of ours edits, commits or moves the instance's files: the lock is `.stack/edit.lock`. */
export async function underEditLock<Answer>(
  instance: string,
  { path, onWait }: Pick<FileEdit, 'path' | 'onWait'>,
  signal: AbortSignal,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const lock = await takeLock(instance, `pid ${process.pid} edits ${path}`, onWait, signal)
  try {
    return await work()
  } finally {
    await lock.release()
  }
}

async function takeLock(instance: string, owner: string, onWait: FileEdit['onWait'], signal: AbortSignal) {
  const path = join(instance, '.stack/edit.lock')
  try {
    await mkdir(join(instance, '.stack'), { recursive: true, mode: 0o700 })
    const first = await holdFileLock({ path, wait: 'no', signal, owner })
    if (!('heldBy' in first)) return first
    onWait(`waiting: ${first.heldBy || 'another process edits'} in ${instance}`)
    const second = await holdFileLock({ path, wait: { timeoutMs: longestWaitMs }, signal, owner })
    if (!('heldBy' in second)) return second
    throw new StackError(
      'STACK_LOCKED',
      `${second.heldBy || 'another process edits'} in ${instance}, and does not end`,
      {
        hint: 'wait until that process has ended, or end it',
      },
    )
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof StackError) throw error
    throw new StackError('STACK_FILES_FAILED', `cannot lock ${path}: ${(error as Error).message}`, {
      hint: `let the user that runs stack write ${path}, and see that flock (util-linux) is installed`,
      cause: error,
    })
  }
}
