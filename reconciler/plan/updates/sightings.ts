import type { TaggedDigest } from '../../model/update.ts'
import type { Seen, UpdateNotes } from '../../model/update-notes.ts'

export interface SightedDigest extends TaggedDigest {
  /** `docker.io/library/postgres` */
  readonly repository: string
}

/** How many digests of one repository are remembered: a tag that moves daily fills them in months. */
const mostPerRepository = 200

/** The notes with what was seen just now; what was seen before keeps its time. The same notes where nothing is new. */
export function withSightings(notes: UpdateNotes, sighted: readonly SightedDigest[], nowMs: number): UpdateNotes {
  const fresh = sighted.filter(({ repository, ...one }) => firstSeen(notes, repository, one) === null)
  if (fresh.length === 0) return notes
  const seen: Record<string, readonly Seen[]> = { ...notes.seen }
  for (const { repository, tag, digest } of fresh) {
    const known = seen[repository] ?? []
    if (known.some((one) => one.tag === tag && one.digest === digest)) continue
    seen[repository] = [...known, { tag, digest, firstSeenMs: nowMs }].slice(-mostPerRepository)
  }
  return { ...notes, seen }
}

export function firstSeen({ seen }: UpdateNotes, repository: string, { tag, digest }: TaggedDigest): number | null {
  return seen[repository]?.find((one) => one.tag === tag && one.digest === digest)?.firstSeenMs ?? null
}
