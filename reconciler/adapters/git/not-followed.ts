import type { NotFollowed } from '../../ports/upstream.ts'
import type { Comparison } from './compare-with.ts'
import { branchOf, type RemoteBranch } from './remote-branch.ts'
import { nameOf } from './speak-to-remote.ts'
import { withoutPassword } from './without-password.ts'

/** `conflict`: the commit that cannot be set on what is new there; null where nobody knows what was dropped on purpose. */
export function diverged(
  instance: string,
  branch: RemoteBranch,
  { own, theirs, seen }: Comparison,
  conflict: string | null,
): NotFollowed {
  const commits = own.length === 1 ? '1 commit' : `${own.length} commits`
  const reason =
    conflict === null
      ? `and ${nameOf(branch)} is not what it was built on any more`
      : `and ${conflict} conflicts with what is new in ${nameOf(branch)}`
  const git = `git -C ${instance}`
  const rebase = seen === null ? 'rebase FETCH_HEAD' : `rebase --onto FETCH_HEAD ${seen.slice(0, 10)}`
  return {
    kind: 'diverged',
    message: `${instance} has ${commits} of its own, ${reason} (${theirs.slice(0, 7)})`,
    hint:
      `to keep them: ${git} fetch ${withoutPassword(branch.remote)} ${branchOf(branch)} && ${git} ${rebase}; ` +
      `to drop them: ${git} fetch ${withoutPassword(branch.remote)} ${branchOf(branch)} && ${git} reset --keep FETCH_HEAD`,
  }
}

const shown = 5

export function refused(instance: string, name: string, paths: readonly string[]): NotFollowed {
  const more = paths.length > shown ? ` and ${paths.length - shown} more` : ''
  return {
    kind: 'refused',
    paths,
    message: `${name} changes files that have edits here: ${paths.slice(0, shown).join(', ')}${more}`,
    hint: `commit them (git -C ${instance} commit) or put them aside (git -C ${instance} stash --include-untracked)`,
  }
}

export function offBranch(instance: string): NotFollowed {
  return {
    kind: 'refused',
    paths: [],
    message: `${instance} is on no branch, and [git].remote wants it to follow one`,
    hint: `finish what is under way there (git -C ${instance} status), or git -C ${instance} switch main`,
  }
}
