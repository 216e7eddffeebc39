import { assertNever } from '../lib/assert-never.ts'
import { type ErrorCode, StackError } from '../model/errors.ts'
import type { Revision } from '../model/names.ts'
import type { Note } from '../plan/step.ts'
import type { Followed, Moved, NotFollowed, OwnCommits, Upstream, WantedUpstream } from '../ports/upstream.ts'

/** What following came to, in the words of a run. */
export interface UpstreamAnswer {
  /** The commit that the instance was moved to; null where it stayed. */
  readonly moved: Revision | null
  /** Why the run is stalled as a whole; null where it goes on with the commit that is here. */
  readonly stall: StackError | null
  readonly notes: readonly Note[]
}

/** Goes with `[git]`. A remote that is away stalls nothing: the last commit goes on. */
export async function followUpstream(
  upstream: Pick<Upstream, 'follow'>,
  wanted: WantedUpstream,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  const followed = await upstream.follow(wanted, signal)
  const { moved, stall, notes } = answerOf(followed)
  return { moved, stall, notes: [...followed.removedLocks.map(removedLock), ...notes] }
}

const nothing: UpstreamAnswer = { moved: null, stall: null, notes: [] }

function answerOf(followed: Followed): UpstreamAnswer {
  switch (followed.kind) {
    case 'none':
    case 'same':
      return nothing
    case 'moved':
      return { ...nothing, moved: followed.to, notes: [...rewritten(followed), ...notPushed(followed)] }
    case 'ahead':
      return { ...nothing, notes: notPushed(followed) }
    case 'unreachable':
      return { ...nothing, notes: [unreachable(followed)] }
    case 'gone':
      return { ...nothing, notes: [gone(followed.name)] }
    case 'diverged':
    case 'refused':
    case 'unverified':
      return { ...nothing, stall: stalled(followed) }
    default:
      return assertNever(followed)
  }
}

const codes: Readonly<Record<NotFollowed['kind'], ErrorCode>> = {
  diverged: 'STACK_DIVERGED',
  refused: 'STACK_NOT_COMMITTED',
  unverified: 'STACK_UNVERIFIED',
}

function stalled({ kind, message, hint }: NotFollowed): StackError {
  return new StackError(codes[kind], message, { hint, terminal: true })
}

function rewritten({ forced, from, to, name }: Moved): readonly Note[] {
  if (!forced) return []
  const message = `${name} was rewritten; this host went from ${from?.slice(0, 7)} to ${to.slice(0, 7)}`
  return [warning(message, `git show ${from?.slice(0, 7)} still has what was left behind`)]
}

function notPushed({ own, name }: { readonly own: OwnCommits; readonly name: string }): readonly Note[] {
  if (own.notPushed === null) return []
  const commits = own.count === 1 ? '1 commit of this host is' : `${own.count} commits of this host are`
  return [warning(`${commits} not pushed to ${name}: ${own.notPushed}`, 'let this host push there, or run git push')]
}

function unreachable({ name, why }: { readonly name: string; readonly why: string }): Note {
  const hint = 'see whether git fetch works there as the user that runs stack; it is tried again'
  return warning(`${name} cannot be reached, the last commit from it goes on: ${why}`, hint)
}

function gone(name: string): Note {
  const hint = 'push that branch, or name another one as branch under [git] in stack.toml'
  return warning(`there is no ${name}; the commit that is here goes on`, hint)
}

function removedLock(path: string): Note {
  return warning(`removed ${path}, which a git that is dead had left`, 'nothing to do: no git was at work there')
}

function warning(message: string, hint: string): Note {
  return { kind: 'warning', stacklet: null, message, hint, digest: null }
}
