import type { Revision } from '../model/names.ts'
import type { FolderLook } from '../ports/new-instance.ts'
import type { UncommittedPath } from '../ports/new-repository.ts'
import type { InitLook, InitParts } from './init-instance.ts'
import type { SetUp } from './take-over.ts'

/**
 * In a repository that we made: all that an instance consists of. In one that was there: what is new, and, of an instance that is
 * taken over, what a run needs to see to find everything as it is.
 */
export async function commitInstance(
  { repository, instance }: InitParts,
  before: InitLook,
  written: readonly string[],
  setUp: readonly SetUp[],
  signal: AbortSignal,
): Promise<Revision | null> {
  const now = await instance.look()
  const isOurs = before.repository.state === 'none'
  const own = isOurs || before.isOriginal ? ownFiles(now) : []
  const wanted = isOurs ? wholeFolders(now) : setUp.map(({ id }) => `stacklets/${id}/`)
  const folders = isOurs ? wanted : await unknownToGit(wanted, repository, signal)
  const paths = [...new Set([...written, ...own, ...folders])].filter((path) => !holdsPassword(path, now))
  return paths.length === 0 ? null : repository.commit(paths, messageFor(before), signal)
}

function messageFor({ isOriginal, look }: InitLook): string {
  if (isOriginal) return 'stack: take over what runs here'
  return look.hasDesired ? 'stack: add what was missing' : 'stack: a new instance'
}

function ownFiles({ settings, users, gitignore }: FolderLook): readonly string[] {
  const files = { 'stack.toml': settings, 'users.toml': users, '.gitignore': gitignore }
  return Object.entries(files).flatMap(([path, text]) => (text === null ? [] : [path]))
}

function wholeFolders({ stacklets }: FolderLook): readonly string[] {
  return stacklets.length > 0 ? ['desired/', 'stacklets/'] : ['desired/']
}

/** A stacklet whose manifest git has never seen is new to it as a whole; one with edits is for a person to commit. */
async function unknownToGit(
  folders: readonly string[],
  repository: InitParts['repository'],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (folders.length === 0) return []
  const paths = await repository.uncommitted(folders, signal)
  return folders.filter((folder) =>
    paths.some(({ path, isTracked }) => !isTracked && path === `${folder}stacklet.toml`),
  )
}

/** The original's people could have passwords in users.toml; git would keep them for ever. */
function holdsPassword(path: string, { users }: FolderLook): boolean {
  return path === 'users.toml' && /^\s*password\s*=/m.test(users ?? '')
}

/** What a run would not see, because it reads commits. */
export async function notCommitted(
  { repository, instance }: InitParts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const now = await instance.look()
  const paths = ['stack.toml', 'users.toml', 'desired/', 'stacklets/']
  const left = (await repository.uncommitted(paths, signal)).filter(isForGit)
  if (left.length === 0) return []
  if (left.some(({ path }) => holdsPassword(path, now))) {
    return [
      'users.toml holds passwords and was not committed: take them out (.stack/secrets.toml has them), then commit it',
    ]
  }
  const shown = left.slice(0, 3).map(({ path }) => path)
  return [`not committed, so that a run does not see it: ${[...shown, ...(left.length > 3 ? ['…'] : [])].join(', ')}`]
}

function isForGit({ path, isTracked, isIgnored }: UncommittedPath): boolean {
  return isTracked || !isIgnored || path === 'stack.toml' || path === 'users.toml'
}
