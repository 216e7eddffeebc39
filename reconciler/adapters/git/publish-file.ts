import { StackError } from '../../model/errors.ts'
import type { Revision } from '../../model/names.ts'
import type { Published, PublishRequest } from '../../ports/instance-editor.ts'
import { commitAside } from './commit-aside.ts'
import { type RemoteBranch, remoteBranch } from './remote-branch.ts'
import { gitWritingIn, type WritingGit } from './write-git.ts'

export interface PublishPlace {
  readonly instance: string
  readonly patienceMs: number
}

/** Others may push as well; who loses the race this often is not alone with a slow line. */
const mostTries = 5
const fetched = 'refs/stack/published'

/**
 * The commit is made on top of what the remote has, pushed, and only then does this clone follow: what is refused was never
 * here. Never forced; whoever was faster is taken in, and the edit is made again on top of theirs.
 */
export async function publishFile(
  place: PublishPlace,
  request: PublishRequest,
  signal: AbortSignal,
): Promise<Published> {
  const git = gitWritingIn(place.instance, place.patienceMs, signal)
  const target = await remoteBranch(git, request)
  if (target === null && request.proposal === null) return { kind: 'no-remote' }
  for (let tries = 0; tries < mostTries; tries += 1) {
    const done = await tryOnce({ ...place, git, target }, request, signal)
    if (done !== null) return done
  }
  return { kind: 'refused', why: `others were faster ${mostTries} times` }
}

interface Attempt extends PublishPlace {
  readonly git: WritingGit
  readonly target: RemoteBranch | null
}

/** Null: somebody else pushed meanwhile. */
async function tryOnce(attempt: Attempt, request: PublishRequest, signal: AbortSignal): Promise<Published | null> {
  const { git, target, instance, patienceMs } = attempt
  const head = await git.text('rev-parse', 'HEAD')
  const tip = target === null ? null : await tipOf(git, target)
  if (tip instanceof StackError) return { kind: 'unreachable', why: wordsOf(tip) }
  const base = await newerOf(head, tip, git)
  if (base === null) return { kind: 'refused', why: 'this clone and its remote went different ways' }
  const line = await lineOf(attempt, base, request)
  const before = await git.textOrNull('show', `${line.shown}:./${request.path}`)
  const after = await request.edit(before === null ? null : `${before}\n`)
  if (after.trimEnd() === (before ?? '').trimEnd())
    return { kind: 'published', revision: null, notes: await follow(line, base, git) }
  const commit = { ...request, instance, base, parents: line.parents, text: after }
  const revision = (await commitAside(commit, patienceMs, signal)) as Revision
  const refusal = await pushAs(revision, line, git)
  if (refusal === 'others were faster') return null
  if (refusal !== null) return { kind: 'refused', why: refusal }
  return { kind: 'published', revision, notes: await follow(line, revision, git) }
}

/** Where a commit goes: to the branch that this clone follows, or to one of its own, for a person to merge. */
interface Line {
  readonly remote: string | null
  readonly ref: string
  readonly isProposal: boolean
  readonly parents: readonly string[]
  /** The commit whose file is edited. */
  readonly shown: string
}

async function lineOf({ git, target }: Attempt, base: string, { proposal }: PublishRequest): Promise<Line> {
  const remote = target?.remote ?? null
  if (proposal === null) {
    return { remote, ref: target?.ref ?? '', isProposal: false, parents: [base], shown: base }
  }
  const ref = `refs/heads/${proposal}`
  const found =
    remote === null ? await git.textOrNull('rev-parse', '--verify', '--quiet', ref) : await tipOf(git, { remote, ref })
  const tip = typeof found === 'string' ? found : null
  if (tip === null || (await isWithin(tip, base, git)))
    return { remote, ref, isProposal: true, parents: [base], shown: base }
  const isAhead = await isWithin(base, tip, git)
  return { remote, ref, isProposal: true, parents: isAhead ? [tip] : [tip, base], shown: isAhead ? tip : base }
}

/** Null where the remote has no such branch. */
async function tipOf(git: WritingGit, { remote, ref }: RemoteBranch): Promise<string | null | StackError> {
  try {
    await git.text('fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--', remote, `+${ref}:${fetched}`)
    return await git.text('rev-parse', fetched)
  } catch (error) {
    if (!(error instanceof StackError)) throw error
    return error.output.some((line) => /couldn't find remote ref/.test(line)) ? null : error
  } finally {
    await git.textOrNull('update-ref', '-d', fetched)
  }
}

/** The one that contains the other; null where neither does. */
async function newerOf(head: string, tip: string | null, git: WritingGit): Promise<string | null> {
  if (tip === null || (await isWithin(tip, head, git))) return head
  return (await isWithin(head, tip, git)) ? tip : null
}

async function isWithin(older: string, newer: string, git: WritingGit): Promise<boolean> {
  return (await git.textOrNull('merge-base', '--is-ancestor', older, newer)) !== null
}

/** Null when it is there; else why not. */
async function pushAs(revision: string, { remote, ref }: Line, git: WritingGit): Promise<string | null> {
  if (remote === null) {
    await git.text('update-ref', ref, revision)
    return null
  }
  try {
    await git.text('push', '--quiet', '--no-verify', '--', remote, `${revision}:${ref}`)
    return null
  } catch (error) {
    if (!(error instanceof StackError)) throw error
    const isLate = error.output.some((line) =>
      /\((fetch first|non-fast-forward|stale info)\)|failed to update ref|cannot lock ref/.test(line),
    )
    return isLate ? 'others were faster' : wordsOf(error)
  }
}

/** What is published is the remote's; that this clone cannot go there is told, and mended by whoever edits here. */
async function follow({ isProposal }: Line, revision: string, git: WritingGit): Promise<readonly string[]> {
  if (isProposal) return []
  try {
    await git.patiently('merge', '--quiet', '--ff-only', revision)
    return []
  } catch (error) {
    if (!(error instanceof StackError)) throw error
    return [`this clone does not follow: ${wordsOf(error)}`]
  }
}

function wordsOf({ output, message }: StackError): string {
  const rejected = output.find((line) => line.includes('! ['))
  return rejected?.replace(/^.*! \[[^\]]*\]\s*/, '').trim() ?? message.replace(/^git \S+ failed in .*?: /, '')
}
