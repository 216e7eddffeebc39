import type { Revision } from '../../model/names.ts'
import type { RemoteBranch } from './remote-branch.ts'
import { branchOf } from './remote-branch.ts'
import type { WritingGit } from './write-git.ts'

/** How the instance's commit and the remote's lie to one another. */
export interface Comparison {
  /** Null before the first commit. */
  readonly local: Revision | null
  readonly theirs: Revision
  /** How many commits only the one side has. */
  readonly ahead: number
  readonly behind: number
  /** Commits that were made here and never were at the remote, oldest first. */
  readonly own: readonly Revision[]
  /** Where the remote stood when it was last seen; null when it never was. */
  readonly seen: Revision | null
  /** What was seen there last is not part of the branch any more, and still is of ours. */
  readonly isRewritten: boolean
}

export type Way = 'stay' | 'fast-forward' | 'go with the rewritten' | 'push' | 'rebase' | 'diverged'

/** Before anything was seen of the remote, nobody knows whether a commit was made here or dropped there. */
export function chooseWay({ local, ahead, behind, own, seen, isRewritten }: Comparison): Way {
  if (local === null || ahead === 0) return behind === 0 ? 'stay' : 'fast-forward'
  if (own.length === 0) return 'go with the rewritten'
  if (isRewritten) return 'diverged'
  if (behind === 0) return 'push'
  return seen === null ? 'diverged' : 'rebase'
}

/** Where the remote stood when this host last was with it. */
const followed = 'refs/stack/followed'

/** Where the person's own `git fetch` and `git push` saw it. We keep that true as well, so that `git status` is. */
function tracking(branch: RemoteBranch): string {
  return `refs/remotes/${branch.remote}/${branchOf(branch)}`
}

/** This host is with the remote now. */
export async function noteFollowed(git: WritingGit, branch: RemoteBranch, revision: Revision): Promise<void> {
  const seen = await seenOf(git, branch)
  const lines = [
    ...(seen.followed === revision ? [] : [`update ${followed} ${revision}\n`]),
    ...(seen.tracked === null || seen.tracked === revision ? [] : [`update ${tracking(branch)} ${revision}\n`]),
  ]
  if (lines.length > 0) await git.given(lines.join(''), 'update-ref', '--stdin')
}

interface Seen {
  readonly followed: Revision | null
  readonly tracked: Revision | null
}

async function seenOf(git: WritingGit, branch: RemoteBranch): Promise<Seen> {
  const lines = await git.text('for-each-ref', '--format=%(objectname) %(refname)', followed, tracking(branch))
  const at = (ref: string) => {
    const line = lines.split('\n').find((one) => one.endsWith(` ${ref}`))
    return line === undefined ? null : (line.slice(0, 40) as Revision)
  }
  return { followed: at(followed), tracked: at(tracking(branch)) }
}

export async function compareWith(git: WritingGit, branch: RemoteBranch, theirs: Revision): Promise<Comparison> {
  const local = await localHead(git)
  if (local === null) return { local, theirs, ahead: 0, behind: 1, own: [], seen: null, isRewritten: false }
  const counts = (await git.text('rev-list', '--left-right', '--count', `${local}...${theirs}`)).split('\t')
  const [ahead = 0, behind = 0] = counts.map(Number)
  if (ahead === 0) return { local, theirs, ahead, behind, own: [], seen: theirs, isRewritten: false }

  const { followed, tracked } = await seenOf(git, branch)
  const seen = followed ?? tracked
  const known = [theirs, followed, tracked].filter((one) => one !== null)
  const own = (await git.text('rev-list', '--reverse', local, '--not', ...known)).split('\n')
  return {
    ...{ local, theirs, ahead, behind, seen },
    own: own.filter((one) => one !== '') as Revision[],
    isRewritten: seen !== null && !(await holds(git, theirs, seen)) && (await holds(git, local, seen)),
  }
}

async function holds(git: WritingGit, head: Revision, older: Revision): Promise<boolean> {
  return (await git.textOrNull('merge-base', '--is-ancestor', older, head)) !== null
}

export async function localHead(git: WritingGit): Promise<Revision | null> {
  return (await git.textOrNull('rev-parse', '--verify', '--quiet', 'HEAD^{commit}')) as Revision | null
}
