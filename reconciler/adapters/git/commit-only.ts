import { hostname } from 'node:os'

import { StackError } from '../../model/errors.ts'
import type { WritingGit } from './write-git.ts'

/**
 * Commits these paths and nothing else, as whoever git is set up for; a host where nobody said so commits in the name of this
 * program.
 */
export async function commitOnly(paths: readonly string[], message: string, git: WritingGit): Promise<void> {
  const commit = ['commit', '--quiet', '--no-verify', '--only', `--message=${message}`, '--', ...paths]
  try {
    await git.patiently(...commit)
  } catch (error) {
    if (!saysWho(error)) throw error
    await git.patiently('-c', 'user.name=stack', '-c', `user.email=stack@${hostname()}`, ...commit)
  }
}

function saysWho(error: unknown): boolean {
  return error instanceof StackError && error.output.some((line) => /auto-detection is disabled|empty ident/.test(line))
}
