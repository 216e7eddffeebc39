import type { Revision } from '../../model/names.ts'
import type { Commit, InstanceSource, SourceTree } from '../../ports/instance-source.ts'
import { formerText } from './former-text.ts'
import { isGenerated } from './generated.ts'
import { noCommitCalled, saysNoCommit, saysNotFound } from './git-failed.ts'
import { lastFew } from './last-few.ts'
import { listFolder } from './list-folder.ts'
import { readCommit } from './read-commit.ts'
import { readWorkTree } from './read-work-tree.ts'
import { findRepository, type Repository, repositoryOf } from './repository.ts'
import { gitIn } from './run-git.ts'
import { type Names, sourceTree, type TreePart } from './tree-part.ts'

export interface GitSourceOptions {
  /** Absolute directory whose stacklets/ are used. */
  readonly root: string
  /** Absolute directory of desired/, stack.toml and users.toml; often the same. */
  readonly instance: string
}

interface Place {
  readonly directory: string
  readonly names: Names
}

/**
 * The instance as git has it. It may be a folder inside of a repository: everything is seen from that folder. Where root and
 * instance lie in different repositories the instance's commits count, and stacklets/ come from the root's current one (from
 * its disk where the root is no repository: an installed package).
 */
export function gitSource({ root, instance }: GitSourceOptions): InstanceSource {
  const places: readonly Place[] =
    root === instance
      ? [{ directory: instance, names: ['desired', 'stacklets', 'stack.toml', 'users.toml'] }]
      : [
          { directory: instance, names: ['desired', 'stack.toml', 'users.toml'] },
          { directory: root, names: ['stacklets'] },
        ]

  const commits = lastFew<SourceTree>()

  /** What stacklets name lies where they lie. */
  const withPlaces = (beside: readonly string[]) =>
    places.map((place) =>
      place.names.includes('stacklets') ? { ...place, names: [...place.names, ...beside] } : place,
    )

  return {
    head: async (signal) => {
      await repositoryOf(instance, signal)
      return headOf(instance, signal)
    },
    resolve: async (reference, signal) => {
      await repositoryOf(instance, signal)
      return commitCalled(reference, instance, signal)
    },
    read: async (from, signal, beside = []) => {
      const read = from === 'work-tree' ? fromDisk : fromCommit(from, instance)
      const readAll = async () => sourceTree(await Promise.all(withPlaces(beside).map((place) => read(place, signal))))
      // What lies in another repository, or on a disk, may be another thing tomorrow.
      return from === 'work-tree' || root !== instance ? readAll() : commits(JSON.stringify([from, beside]), readAll)
    },
    former: async (digest, signal) => {
      const texts = await Promise.all(places.map(({ directory }) => formerText(directory, digest, signal)))
      return texts.find((text) => text !== null) ?? null
    },
    uncommitted: async (signal, beside = []) => {
      const paths = await Promise.all(withPlaces(beside).map((place) => uncommittedIn(place, signal)))
      return paths.flat().sort()
    },
  }
}

async function headOf(directory: string, signal: AbortSignal): Promise<Commit | null> {
  return commitIn(directory, [], signal).catch((error: unknown) => {
    if (saysNoCommit(error)) return null
    throw error
  })
}

async function commitCalled(reference: string, directory: string, signal: AbortSignal): Promise<Commit> {
  if (reference.startsWith('-')) throw noCommitCalled(reference, undefined)
  try {
    const argv = ['rev-parse', '--verify', '--end-of-options', `${reference}^{commit}`]
    const revision = (await gitIn(directory, signal).text(...argv)).trim()
    return await commitIn(directory, ['--end-of-options', revision], signal)
  } catch (error) {
    throw saysNotFound(error) ? noCommitCalled(reference, error) : error
  }
}

async function commitIn(directory: string, which: readonly string[], signal: AbortSignal): Promise<Commit> {
  const answer = await gitIn(directory, signal).text('log', '-1', '--no-show-signature', '--format=%H%x00%B', ...which)
  const [revision = '', message = ''] = answer.split('\0')
  return { revision: revision as Revision, message: message.trimEnd() }
}

async function fromDisk({ directory, names }: Place, signal: AbortSignal): Promise<TreePart> {
  const repository = await findRepository(directory, signal)
  return readWorkTree(directory, names, repository !== null, signal)
}

function fromCommit(revision: Revision, instance: string) {
  return async ({ directory, names }: Place, signal: AbortSignal): Promise<TreePart> => {
    if (directory === instance) return readCommit(directory, names, revision, signal)

    const theirs = await findRepository(directory, signal)
    if (theirs === null) return readWorkTree(directory, names, false, signal)
    const ours = await repositoryOf(instance, signal)
    const commit = theirs.topLevel === ours.topLevel ? revision : (await headOf(directory, signal))?.revision
    if (commit === undefined) throw noCommitCalled('HEAD', undefined)
    return readCommit(directory, names, commit, signal)
  }
}

async function uncommittedIn({ directory, names }: Place, signal: AbortSignal): Promise<readonly string[]> {
  const repository = await findRepository(directory, signal)
  if (repository === null) return listFolder(directory, names)

  const answer = await gitIn(directory, signal).text(...statusArgv, ...names)
  return answer.split('\0').flatMap((line) => changedPath(line, repository))
}

/** Without renames both names are listed. `--branch` is answered always: the wrapper waits 50 ms for an answer that is empty. */
const statusArgv = [
  ...['status', '--porcelain=v1', '-z', '--branch', '--no-ahead-behind'],
  ...['-uall', '--no-renames', '--ignore-submodules=all', '--'],
]

/** `?? sub/desired/new.toml`, seen from the top level. */
function changedPath(line: string, { prefix }: Repository): readonly string[] {
  const path = line.slice(3)
  if (line === '' || line.startsWith('## ') || !path.startsWith(prefix)) return []
  return line.startsWith('??') && isGenerated(path) ? [] : [path.slice(prefix.length)]
}
