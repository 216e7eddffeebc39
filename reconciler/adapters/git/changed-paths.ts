import type { Revision } from '../../model/names.ts'
import type { WritingGit } from './write-git.ts'

/** A path, seen from the top of the repository, that two commits do not have alike. */
export interface ChangedPath {
  readonly path: string
  readonly isNew: boolean
  readonly isGone: boolean
}

/** Of no files at all. */
const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

/** What differs between two commits; `from` is null before the first one. */
export async function changedPaths(
  git: WritingGit,
  from: Revision | null,
  to: Revision,
): Promise<readonly ChangedPath[]> {
  const words = ['diff-tree', '-r', '-z', '--no-renames', '--no-relative', '--ignore-submodules=all', '--name-status']
  return pairs(await git.text(...words, from ?? emptyTree, to))
}

/** `M\0stack.toml\0A\0users.toml\0` */
function pairs(nameStatus: string): readonly ChangedPath[] {
  const words = nameStatus.split('\0')
  return words.flatMap((path, index) => {
    const letter = words[index - 1]
    return index % 2 === 1 && path !== '' ? [{ path, isNew: letter === 'A', isGone: letter === 'D' }] : []
  })
}
