import type { Revision } from '../model/names.ts'

/**
 * The branch of another repository that the instance goes with, `[git]` of stack.toml. Credentials are git's own. No password
 * of an address appears in any answer, and a remote that says nothing for a while is unreachable, never waited for.
 */
export interface Upstream {
  /** Asks the remote where its branch stands. Moves nothing, fetches nothing, writes nothing. */
  peek(wanted: WantedUpstream, signal: AbortSignal): Promise<UpstreamHead>
  /**
   * Brings the instance's own work tree to where the branch stands, and pushes what was committed here. A file that was edited
   * here is never overwritten: then, and in every answer but `moved` and `ahead`, commit, index and files are as they were.
   * Throws `STACK_LOCKED` where another git is at work, `STACK_GIT_FAILED` where the instance's own repository is the trouble.
   */
  follow(wanted: WantedUpstream, signal: AbortSignal): Promise<Followed>
  /** Absolute files and folders of this disk that change when there is a new head, here or at a remote on this disk. */
  places(wanted: WantedUpstream, signal: AbortSignal): Promise<readonly string[]>
}

export interface WantedUpstream {
  /** A remote's name or address; null: the upstream of the branch, else `origin`. */
  readonly remote: string | null
  readonly branch: string | null
  /** `signed`: only a head that a key in `.stack/allowed_signers` signed is taken, this host's own included. */
  readonly verify: 'none' | 'signed'
}

/** `local` is the instance's own commit, null before the first. */
export type UpstreamHead = { readonly local: Revision | null } & (
  | { readonly kind: 'none' }
  | { readonly kind: 'at'; readonly revision: Revision; readonly name: string }
  | { readonly kind: 'gone'; readonly name: string }
  | { readonly kind: 'unreachable'; readonly name: string; readonly why: string }
)

/** `removedLocks`: lock files that a git which is dead had left, by path. They were in the way, and are gone. */
export type Followed = Standing & { readonly removedLocks: readonly string[] }

/** `name` is the branch as a person calls it: `origin main`. */
export type Standing =
  /** There is no remote: the local branch is what counts. */
  | { readonly kind: 'none' }
  | { readonly kind: 'same'; readonly revision: Revision }
  | Moved
  /** Nothing new there; commits of this host that were not, now are, or could not be pushed. */
  | { readonly kind: 'ahead'; readonly name: string; readonly own: OwnCommits }
  /** The remote does not answer. */
  | { readonly kind: 'unreachable'; readonly name: string; readonly why: string }
  /** The remote answers and has no such branch. */
  | { readonly kind: 'gone'; readonly name: string }
  | NotFollowed

export interface Moved {
  readonly kind: 'moved'
  readonly from: Revision | null
  readonly to: Revision
  /** The branch was rewritten, and nothing of this host was lost by going with it. */
  readonly forced: boolean
  readonly name: string
  /** Commits of this host that were set on top of it. */
  readonly own: OwnCommits
}

export interface OwnCommits {
  readonly count: number
  /** Why they are not at the remote; null where they are. */
  readonly notPushed: string | null
}

/** Only a person can help. Nothing was touched. */
export type NotFollowed =
  /** This host has commits of its own, and they cannot be set on what is new there. */
  | { readonly kind: 'diverged'; readonly message: string; readonly hint: string }
  /** Files that are new there have edits here, at these paths from the top of the repository. */
  | { readonly kind: 'refused'; readonly message: string; readonly hint: string; readonly paths: readonly string[] }
  /** This commit carries no signature that counts. */
  | { readonly kind: 'unverified'; readonly message: string; readonly hint: string; readonly revision: Revision }
