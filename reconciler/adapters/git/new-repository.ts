import { access } from 'node:fs/promises'

import type { Revision } from '../../model/names.ts'
import type { NewRepository, RepositoryLook, UncommittedPath } from '../../ports/new-repository.ts'
import { commitOnly } from './commit-only.ts'
import { findRepository } from './repository.ts'
import { type Git, gitIn } from './run-git.ts'
import { gitWritingIn, type WritingGit } from './write-git.ts'

export interface NewRepositoryOptions {
  /** Absolute. */
  readonly folder: string
}

const patienceMs = 5_000

export function newRepository({ folder }: NewRepositoryOptions): NewRepository {
  const git = (signal: AbortSignal) => gitWritingIn(folder, patienceMs, signal)
  return {
    look: async (signal) => ({
      state: (await isThere(folder)) ? await stateOf(folder, signal) : 'none',
      person: await personOf(gitIn((await isThere(folder)) ? folder : '/', signal)),
    }),
    init: async (signal) => {
      await git(signal).text('init', '--quiet', '--initial-branch=main')
    },
    uncommitted: async (paths, signal) => {
      const reading = gitIn(folder, signal)
      const answer = await reading.text(...statusWords, '--', ...paths)
      const prefix = (await reading.text('rev-parse', '--show-prefix')).trim()
      return answer.split('\0').flatMap((line) => changedPath(line, prefix))
    },
    commit: (paths, message, signal) => commit(paths, message, git(signal)),
  }
}

async function commit(paths: readonly string[], message: string, git: WritingGit): Promise<Revision | null> {
  const directories = paths.filter((path) => path.endsWith('/'))
  const files = paths.filter((path) => !path.endsWith('/'))
  if (files.length > 0) await git.patiently('add', '--force', '--', ...files)
  if (directories.length > 0) await git.patiently('add', '--', ...directories)
  const isSame = (await git.textOrNull('diff', '--cached', '--quiet', '--', ...paths)) !== null
  if (isSame) return null
  await commitOnly(paths, message, git)
  return (await git.text('rev-parse', 'HEAD')) as Revision
}

const statusWords = ['status', '--porcelain=v1', '-z', '--branch', '-uall', '--ignored', '--no-renames']

async function stateOf(folder: string, signal: AbortSignal): Promise<RepositoryLook['state']> {
  if ((await findRepository(folder, signal)) === null) return 'none'
  const head = await orNull(gitIn(folder, signal).text('rev-parse', '--verify', '--quiet', 'HEAD'), signal)
  return head === null ? 'empty' : 'committed'
}

async function personOf(git: Git): Promise<RepositoryLook['person']> {
  const [name, email] = await Promise.all(
    ['user.name', 'user.email'].map((key) => git.text('config', key).catch(() => '')),
  )
  return name?.trim() && email?.trim() ? { name: name.trim(), email: email.trim() } : null
}

/** git says no by its exit code alone. */
async function orNull(answer: Promise<string>, signal: AbortSignal): Promise<string | null> {
  return answer.catch(() => {
    signal.throwIfAborted()
    return null
  })
}

/** ` M sub/stack.toml`, seen from the top level. */
function changedPath(line: string, prefix: string): readonly UncommittedPath[] {
  if (line === '' || line.startsWith('## ')) return []
  const isIgnored = line.startsWith('!!')
  return [{ path: line.slice(3 + prefix.length), isTracked: !line.startsWith('??') && !isIgnored, isIgnored }]
}

function isThere(folder: string): Promise<boolean> {
  return access(folder).then(
    () => true,
    () => false,
  )
}
