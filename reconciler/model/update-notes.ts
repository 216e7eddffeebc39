import type { LockedImage } from './locked-image.ts'
import type { Revision, StackletId } from './names.ts'
import type { TaggedDigest } from './update.ts'

/** What this host remembers about updates: nothing of it can be asked of anybody else. */
export interface UpdateNotes {
  /** Repository to every digest that a tag of it had since this host looks. */
  readonly seen: Readonly<Record<string, readonly Seen[]>>
  readonly quarantine: readonly Quarantined[]
  /** Registry to when it may be asked again. */
  readonly pauses: Readonly<Record<string, number>>
  /** Updates that were begun and of which nobody noted how they ended. */
  readonly begun: readonly BegunUpdate[]
}

export interface Seen extends TaggedDigest {
  readonly firstSeenMs: number
}

/** A digest that went wrong for one service: it is not tried there again. */
export interface Quarantined {
  readonly stacklet: StackletId
  readonly service: string
  readonly digest: string
  readonly why: string
  readonly atMs: number
}

/** One line of the lock on its way from what ran to what should. */
export interface BegunUpdate {
  readonly stacklet: StackletId
  readonly service: string
  /** Null where nobody knew what ran. */
  readonly from: LockedImage | null
  readonly to: LockedImage
  readonly atMs: number
  /** The commit that says so; null where the lock is this host's own. */
  readonly revision: Revision | null
}

export const noNotes: UpdateNotes = { seen: {}, quarantine: [], pauses: {}, begun: [] }
