import { lstat } from 'node:fs/promises'
import { join } from 'node:path'

import { StackError } from '../../model/errors.ts'
import { noRepository, saysNoRepository } from './git-failed.ts'
import { gitIn } from './run-git.ts'

/** The git work tree a directory lies in. */
export interface Repository {
  readonly topLevel: string
  /** The directory as seen from the top level, with a `/` at its end; empty at the top level. */
  readonly prefix: string
}

/** Repositories by their top level, as long as their `.git` is the very one that it was. */
const known = new Map<string, { readonly mark: string; readonly repository: Repository }>()

/** The repository of a directory, null outside of one. A folder that the repository around it ignores is outside. */
export async function findRepository(directory: string, signal: AbortSignal): Promise<Repository | null> {
  const mark = await markOf(directory)
  const before = known.get(directory)
  if (mark !== null && before?.mark === mark) return before.repository
  const repository = await ask(directory, signal)
  if (mark !== null && repository?.prefix === '') known.set(directory, { mark, repository })
  return repository
}

/** Null where the directory is no top level: whose it is may change with any folder above it. */
async function markOf(directory: string): Promise<string | null> {
  const found = await lstat(join(directory, '.git'), { bigint: true }).catch(() => null)
  return found === null ? null : [found.dev, found.ino, found.birthtimeNs].join(' ')
}

async function ask(directory: string, signal: AbortSignal): Promise<Repository | null> {
  const git = gitIn(directory, signal)
  const answer = await git
    .text('rev-parse', '--show-object-format', '--show-toplevel', '--show-prefix')
    .catch(orNothing)
  if (answer === null) return null

  const [format, topLevel = directory, prefix = ''] = answer.split('\n')
  if (format === 'sha256') throw wrongFormat(topLevel)
  return prefix !== '' && (await isIgnored(directory, signal)) ? null : { topLevel, prefix }
}

export async function repositoryOf(directory: string, signal: AbortSignal): Promise<Repository> {
  const repository = await findRepository(directory, signal)
  if (repository === null) throw noRepository(directory)
  return repository
}

function orNothing(error: unknown): null {
  if (saysNoRepository(error)) return null
  throw error
}

/** check-ignore says no by its exit code alone. */
async function isIgnored(directory: string, signal: AbortSignal): Promise<boolean> {
  return gitIn(directory, signal)
    .text('check-ignore', '--', '.')
    .then(
      () => true,
      (error: unknown) => {
        signal.throwIfAborted()
        if (error instanceof StackError && error.output[0]?.startsWith('git exited 1:')) return false
        throw error
      },
    )
}

function wrongFormat(topLevel: string): StackError {
  return new StackError('STACK_GIT_FAILED', `${topLevel} is a repository with SHA-256 names, which are not supported`, {
    hint: 'make the repository anew with git init --object-format=sha1',
    terminal: true,
  })
}
