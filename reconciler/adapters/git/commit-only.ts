import { hostname } from 'node:os'

import { StackError } from '../../model/errors.ts'
import type { WritingGit } from './write-git.ts'

/** Commits these paths and nothing else, with these settings of git's. */
export async function commitOnly(
  paths: readonly string[],
  message: string,
  git: WritingGit,
  settings: readonly string[] = [],
): Promise<void> {
  const words = ['commit', '--quiet', '--no-verify', '--only', `--message=${message}`, '--', ...paths]
  await inSomeonesName(git.patiently, [...settings, ...words])
}

/** As whoever git is set up for; a host where nobody said so commits in the name of this program. */
export async function inSomeonesName(
  run: (...argv: readonly string[]) => Promise<string>,
  argv: readonly string[],
): Promise<string> {
  try {
    return await run(...argv)
  } catch (error) {
    if (!saysWho(error)) throw error
    return run('-c', 'user.name=stack', '-c', `user.email=stack@${hostname()}`, ...argv)
  }
}

function saysWho(error: unknown): boolean {
  return error instanceof StackError && error.output.some((line) => /auto-detection is disabled|empty ident/.test(line))
}
