import type { Revision } from '../../model/names.ts'
import type { Moved, NotFollowed } from '../../ports/upstream.ts'
import { fetchBranch } from './ask-remote.ts'
import { type Comparison, chooseWay, compareWith, noteFollowed } from './compare-with.ts'
import { undoHalfMove } from './half-move.ts'
import { moveWorkTree } from './move-work-tree.ts'
import { diverged, refused } from './not-followed.ts'
import { rebaseOwn } from './rebase-own.ts'
import type { RemoteBranch } from './remote-branch.ts'
import { signingSettings } from './sign-commits.ts'
import { type Clone, nameOf } from './speak-to-remote.ts'
import { verifyHead } from './verify-head.ts'

export interface FollowedBranch extends RemoteBranch {
  readonly verify: 'none' | 'signed'
}

/** Where the instance is after it was brought along. `own`: how many commits are here and not there. */
export type Brought =
  | { readonly kind: 'here'; readonly moved: Omit<Moved, 'own'> | null; readonly own: number }
  | { readonly kind: 'unreachable'; readonly name: string; readonly why: string }
  | { readonly kind: 'gone'; readonly name: string }
  | NotFollowed

/** Fetches a branch and brings the instance's work tree there; pushes nothing. Under the lock of edits alone. */
export async function followBranch(clone: Clone, topLevel: string, branch: FollowedBranch): Promise<Brought> {
  const { git, signal } = clone
  const name = nameOf(branch)
  await undoHalfMove(topLevel, git, signal)
  const head = await fetchBranch(clone, branch)
  if (head.kind !== 'at') return { ...head, name }
  const comparison = await compareWith(git, branch, head.revision)
  const brought = await bring({ clone, topLevel, branch, name, comparison })
  if (brought.kind === 'here') await noteFollowed(git, branch, head.revision)
  return brought
}

interface Journey {
  readonly clone: Clone
  readonly topLevel: string
  readonly branch: FollowedBranch
  readonly name: string
  readonly comparison: Comparison
}

async function bring(journey: Journey): Promise<Brought> {
  const { clone, branch, comparison } = journey
  const way = chooseWay(comparison)
  if (way === 'stay' || way === 'push') return { kind: 'here', moved: null, own: comparison.own.length }
  if (way === 'diverged') return diverged(clone.instance, branch, comparison, null)

  const unverified = branch.verify === 'signed' ? await verifyHead(clone.instance, comparison.theirs, clone.git) : null
  if (unverified !== null) return unverified
  if (way === 'rebase') return rebase(journey)
  return move(journey, comparison.theirs, { own: 0, forced: way === 'go with the rewritten' })
}

async function rebase(journey: Journey): Promise<Brought> {
  const { clone, branch, comparison } = journey
  const signing = branch.verify === 'signed' ? await signingSettings(clone.instance, clone.git) : []
  const rebased = await rebaseOwn(clone, comparison.own, comparison.theirs, signing)
  if ('conflict' in rebased) return diverged(clone.instance, branch, comparison, rebased.conflict)
  return move(journey, rebased.head, { own: rebased.count, forced: false })
}

async function move(
  { clone, topLevel, name, comparison }: Journey,
  to: Revision,
  { own, forced }: { readonly own: number; readonly forced: boolean },
): Promise<Brought> {
  const from = comparison.local
  const isForward = comparison.ahead === 0
  const paths = await moveWorkTree(clone.git, { topLevel, from, to, isForward })
  if (paths.length > 0) return refused(clone.instance, name, paths)
  return { kind: 'here', moved: { kind: 'moved', from, to, forced, name }, own }
}
