import { dirname } from 'node:path'

import { StackError } from '../../model/errors.ts'

/** What the system says about a path, in words, and what helps. */
export function filesFailed(error: unknown, act: string, path: string): StackError {
  if (error instanceof StackError) return error

  const code = (error as NodeJS.ErrnoException).code ?? ''
  const { why, hint } = reasons(path)[code] ?? { why: code || String(error), hint: `look at ${path}` }
  return new StackError('STACK_FILES_FAILED', `cannot ${act} ${path}: ${why}`, { hint, cause: error })
}

/** A path of ours that does not lead where it should: nothing was touched. */
export function refused(path: string, why: string, hint: string): StackError {
  return new StackError('STACK_FILES_FAILED', `${path} ${why}`, { hint, terminal: true })
}

export function isGone(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')
}

function reasons(path: string): Readonly<Record<string, { readonly why: string; readonly hint: string }>> {
  const notAllowed = {
    why: 'not allowed',
    hint: `let the user that runs stack write there: chown it, see ls -ld ${path}`,
  }
  const full = { why: 'no space left', hint: `make room on that disk: df -h ${path}` }
  return {
    EACCES: notAllowed,
    EPERM: notAllowed,
    EROFS: { why: 'the disk is read-only', hint: `mount it writable, see findmnt -T ${path}` },
    ENOSPC: full,
    EDQUOT: full,
    ENOENT: { why: 'it is not there', hint: `make the directory: mkdir -p ${dirname(path)}` },
    EISDIR: { why: 'a directory is in its place', hint: `move ${path} away` },
    ENOTDIR: { why: 'a file is in the place of a directory', hint: `move what is in the way of ${path}` },
    EBUSY: { why: 'something is mounted there', hint: `unmount it, see findmnt ${path}` },
    EXDEV: { why: 'it lies on another disk', hint: `move or remove ${path} by hand` },
  }
}
