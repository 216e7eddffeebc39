import type { Revision } from '../../model/names.ts'
import type { Followed, Moved, Standing, Upstream, UpstreamHead, WantedUpstream } from '../../ports/upstream.ts'
import { askRemote } from './ask-remote.ts'
import { localHead, noteFollowed } from './compare-with.ts'
import { pastDeadLocks } from './dead-locks.ts'
import { underEditLock } from './edit-lock.ts'
import { type FollowedBranch, followBranch } from './follow-branch.ts'
import { undoHalfEdit } from './half-edit.ts'
import { isHalfMoved, undoHalfMove } from './half-move.ts'
import { offBranch } from './not-followed.ts'
import { type Pushed, pushBranch } from './push-branch.ts'
import { remoteBranch } from './remote-branch.ts'
import { repositoryOf } from './repository.ts'
import { type Clone, nameOf } from './speak-to-remote.ts'
import { upstreamPlaces } from './upstream-places.ts'
import { verifyHead } from './verify-head.ts'
import { gitWritingIn } from './write-git.ts'

export interface UpstreamOptions {
  /** Absolute directory of desired/ and .stack/. It may be a folder inside of a repository. */
  readonly instance: string
  /** How long another git process may hold the index. Default 5 s. */
  readonly patienceMs?: number
  /** How long a remote may say nothing. Default 15 s. */
  readonly silenceMs?: number
}

export function gitUpstream({ instance, patienceMs = 5_000, silenceMs = 15_000 }: UpstreamOptions): Upstream {
  const cloneFor = (signal: AbortSignal): Clone => {
    return { instance, git: gitWritingIn(instance, patienceMs, signal), silenceMs, signal }
  }
  return {
    peek: (wanted, signal) => peek(cloneFor(signal), wanted),
    follow: (wanted, signal) => follow(cloneFor(signal), wanted),
    places: (wanted, signal) => upstreamPlaces(cloneFor(signal), wanted),
  }
}

async function peek(clone: Clone, wanted: WantedUpstream): Promise<UpstreamHead> {
  const branch = await remoteBranch(clone.git, wanted).catch(async (error) => {
    await repositoryOf(clone.instance, clone.signal)
    throw error
  })
  if (branch === null) return { kind: 'none', local: await localHead(clone.git) }
  const [head, local] = await Promise.all([askRemote(clone, branch), localHead(clone.git)])
  return { ...head, local, name: nameOf(branch) }
}

async function follow(clone: Clone, wanted: WantedUpstream): Promise<Followed> {
  const [repository, isMoving] = await Promise.all([repositoryOf(clone.instance, clone.signal), isHalfMoved(clone.git)])
  const { answer, removedLocks } = await pastDeadLocks({ repository, git: clone.git, isMoving }, async () => {
    if (isMoving) await endHalfMove(clone, repository.topLevel)
    const standing = await stand(clone, repository.topLevel, wanted)
    return (await ownUnverified(clone, wanted, standing)) ?? standing
  })
  return { ...answer, removedLocks }
}

/** Whether the remote answers or not: a run would take files that are half moved for edits. */
async function endHalfMove({ instance, git, signal }: Clone, topLevel: string): Promise<void> {
  const request = { path: 'what was half moved', onWait: () => {} }
  await underEditLock(instance, request, signal, () => undoHalfMove(topLevel, git, signal))
}

/** A run takes the instance's own commit, however it came here: what stands after all moves has to be signed, too. */
async function ownUnverified({ instance, git }: Clone, { verify }: WantedUpstream, { kind }: Standing) {
  if (verify === 'none' || kind === 'moved' || kind === 'diverged' || kind === 'refused' || kind === 'unverified') {
    return null
  }
  const local = await localHead(git)
  return local === null ? null : verifyHead(instance, local, git)
}

async function stand(clone: Clone, topLevel: string, wanted: WantedUpstream): Promise<Standing> {
  const { git, instance, signal } = clone
  const target = await remoteBranch(git, wanted)
  if (target === null) return wanted.remote === null ? { kind: 'none' } : offBranch(instance)

  const [head, local] = await Promise.all([askRemote(clone, target), localHead(git)])
  if (head.kind !== 'at') return { ...head, name: nameOf(target) }
  if (head.revision === local) {
    await noteFollowed(git, target, head.revision)
    return { kind: 'same', revision: head.revision }
  }
  return underEditLock(instance, { path: `with what ${nameOf(target)} has`, onWait: () => {} }, signal, async () => {
    await undoHalfEdit(instance, git)
    return bringAndPush(clone, topLevel, { ...target, verify: wanted.verify })
  })
}

/** Others push as well, and may be faster each time: what stays behind then is for the next run. */
const attempts = 5

async function bringAndPush(clone: Clone, topLevel: string, branch: FollowedBranch): Promise<Standing> {
  const name = nameOf(branch)
  const before = await localHead(clone.git)
  let forced = false
  for (let attempt = 1; ; attempt++) {
    const brought = await followBranch(clone, topLevel, branch)
    if (brought.kind !== 'here') return brought
    forced ||= brought.moved?.forced ?? false
    const pushed = brought.own === 0 ? null : await push(clone, branch)
    if (pushed?.kind === 'behind' && attempt < attempts) continue
    const own = { count: brought.own, notPushed: pushed === null || pushed.kind === 'pushed' ? null : pushed.why }
    return standingAt(await localHead(clone.git), before, { forced, name, own })
  }
}

function standingAt(
  here: Revision | null,
  before: Revision | null,
  rest: Pick<Moved, 'forced' | 'name' | 'own'>,
): Standing {
  if (here !== null && here !== before) return { kind: 'moved', from: before, to: here, ...rest }
  if (here === null || rest.own.count > 0) return { kind: 'ahead', name: rest.name, own: rest.own }
  return { kind: 'same', revision: here }
}

async function push(clone: Clone, branch: FollowedBranch): Promise<Pushed | null> {
  const head = await localHead(clone.git)
  if (head === null) return null
  const unsigned = branch.verify === 'signed' ? await verifyHead(clone.instance, head, clone.git) : null
  if (unsigned !== null) return { kind: 'refused', why: unsigned.message }
  const pushed = await pushBranch(clone, branch)
  if (pushed.kind === 'pushed') await noteFollowed(clone.git, branch, head)
  return pushed
}
