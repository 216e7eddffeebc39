import { lstat } from 'node:fs/promises'
import { join } from 'node:path'

import { StackError } from '../../model/errors.ts'
import type { Revision } from '../../model/names.ts'
import { changedPaths } from './changed-paths.ts'
import { beginMove, endMove } from './half-move.ts'
import { lockFileIn, type WritingGit } from './write-git.ts'

export interface Move {
  readonly topLevel: string
  /** Null before the first commit. */
  readonly from: Revision | null
  readonly to: Revision
  /** What is to come holds all that is there. */
  readonly isForward: boolean
}

/**
 * Brings commit, index and files to another commit, in place: what does not differ is not touched. Answers the paths that have
 * edits in the way; then nothing was done. What a person staged stays staged where it moves forward.
 */
export async function moveWorkTree(git: WritingGit, move: Move): Promise<readonly string[]> {
  const inTheWay = await editsInTheWay(git, move)
  if (inTheWay.length > 0) return inTheWay
  await beginMove(git, move.to)
  const words = move.isForward ? ['merge', '--ff-only', '--no-overwrite-ignore'] : ['reset', '--keep']
  try {
    await git.patiently(...words, '--quiet', move.to)
  } catch (error) {
    // Edited since we looked, or in a way that only git sees; or another git has the index. Nothing was touched then.
    const refused = pathsRefused(error)
    if (refused !== null || lockFileIn(error)?.endsWith('index.lock')) await endMove(git)
    if (refused === null) throw error
    return refused
  }
  await endMove(git)
  return []
}

/** git looks itself, and knows fewer of them by name. */
async function editsInTheWay(git: WritingGit, { topLevel, from, to }: Move): Promise<readonly string[]> {
  const [incoming, edits] = await Promise.all([changedPaths(git, from, to), git.text(...editedWords(from))])
  const edited = new Set(edits.split('\0'))
  const isThere = await Promise.all(
    incoming.map(async ({ isNew, path }) => edited.has(path) || (isNew && (await exists(join(topLevel, path))))),
  )
  return incoming.filter((_, index) => isThere[index]).map(({ path }) => path)
}

function editedWords(from: Revision | null): readonly string[] {
  if (from === null) return ['ls-files', '--full-name', '-z']
  return [
    'diff',
    '-z',
    '--no-ext-diff',
    '--no-renames',
    '--no-relative',
    '--ignore-submodules=all',
    '--name-only',
    from,
  ]
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

const refusal = /would be overwritten|would be removed|not uptodate|would lose untracked files/

/** The paths that git names when it refuses, null where it failed otherwise. */
function pathsRefused(error: unknown): readonly string[] | null {
  if (!(error instanceof StackError) || !error.output.some((line) => refusal.test(line))) return null
  return error.output.flatMap(
    (line) => /^\t(.+)$/.exec(line)?.[1] ?? /[Ee]ntry '(.+)' |file '(.+)' /.exec(line)?.[1] ?? [],
  )
}
