import type { Revision, UpstreamHead } from '../reconciler/index.ts'

/** Heads that were seen before; null before the first look. */
export interface Seen {
  readonly local: Revision | null
  readonly remote: Revision | null
}

/**
 * The commit worth a run, null where there is none. A commit that was seen on one side is no news on the other: it was pushed
 * from here, or a run has followed it. At the first look only what is not here yet is news.
 */
export function newsIn(head: UpstreamHead, seen: Seen | null): Revision | null {
  const known = seen === null ? [head.local] : [seen.local, seen.remote]
  const heads = [head.kind === 'at' ? head.revision : null, head.local]
  return heads.find((one) => one !== null && !known.includes(one)) ?? null
}

/** What stays known while the remote is away. */
export function nowSeen(head: UpstreamHead, seen: Seen | null): Seen {
  return { local: head.local, remote: head.kind === 'at' ? head.revision : (seen?.remote ?? null) }
}
