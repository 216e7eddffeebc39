import type { Revision } from '../../model/names.ts'
import type { CommitRequest, Committed } from '../../ports/instance-editor.ts'
import { noteFollowed } from './compare-with.ts'
import { type FollowedBranch, followBranch } from './follow-branch.ts'
import { pushBranch } from './push-branch.ts'
import { type RemoteBranch, remoteBranch } from './remote-branch.ts'
import { type Clone, nameOf } from './speak-to-remote.ts'
import { withoutPassword } from './without-password.ts'

type Wanted = Pick<CommitRequest, 'remote' | 'branch' | 'signed'>

/** Goes with the remote, makes a commit, and pushes it. What goes wrong at the remote is a note, and the commit stays. */
export async function withRemote(
  clone: Clone,
  topLevel: string,
  wanted: Wanted,
  makeCommit: () => Promise<Revision | null>,
): Promise<Committed> {
  const branch = await remoteBranch(clone.git, wanted)
  if (branch === null) return { revision: await makeCommit(), notes: [] }
  const fetching = await bringAlong(clone, topLevel, { ...branch, verify: wanted.signed ? 'signed' : 'none' })
  const revision = await makeCommit()
  const pushing = revision === null ? [] : await pushTo(clone, branch, revision)
  return { revision, notes: [...fetching, ...pushing] }
}

/** Brings what is new there, without which our push would be refused. Answers what a person should know. */
async function bringAlong(clone: Clone, topLevel: string, branch: FollowedBranch): Promise<readonly string[]> {
  const brought = await followBranch(clone, topLevel, branch)
  if (brought.kind === 'here' || brought.kind === 'gone') return []
  if (brought.kind === 'unreachable') return [`${withoutPassword(branch.remote)} could not be fetched: ${brought.why}`]
  return [`this clone does not follow ${nameOf(branch)}: ${brought.message}; ${brought.hint}`]
}

/** What is refused stays here as a commit. */
async function pushTo(clone: Clone, branch: RemoteBranch, revision: Revision): Promise<readonly string[]> {
  const pushed = await pushBranch(clone, branch)
  if (pushed.kind !== 'pushed') return [`committed here, and not pushed to ${nameOf(branch)}: ${pushed.why}`]
  await noteFollowed(clone.git, branch, revision)
  return []
}
