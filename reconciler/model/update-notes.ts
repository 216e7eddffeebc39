import type { LockedImage } from './locked-image.ts'
import type { Revision, StackletId } from './names.ts'
import type { TaggedDigest } from './update.ts'
import type { ReportedImage } from './update-report.ts'

/** What this host remembers about updates: nothing of it can be asked of anybody else. */
export interface UpdateNotes {
  /** Repository to every digest that a tag of it had since this host looks. */
  readonly seen: Readonly<Record<string, readonly Seen[]>>
  readonly quarantine: readonly Quarantined[]
  /** What the lock has said of each service, oldest first and each digest once, as far as this host saw it. */
  readonly locked: readonly LockedOnce[]
  /** What git went back from: it is not taken again by itself. */
  readonly reverted: readonly LockedOnce[]
  /** Registry to when it may be asked again. */
  readonly pauses: Readonly<Record<string, number>>
  /** Updates that were begun and of which nobody noted how they ended. */
  readonly begun: readonly BegunUpdate[]
  /** What was saved before an update; kept until that has been well for a day. */
  readonly snapshots: readonly KeptSnapshot[]
  /** Images that an update took the place of, or that were put back: nobody needs them for ever. */
  readonly replaced: readonly Replaced[]
  /** What the last check told, for whoever asks in between. */
  readonly told: readonly ReportedImage[]
}

export interface Replaced {
  /** `ghcr.io/x/y@sha256:…` */
  readonly reference: string
  readonly atMs: number
}

export interface Seen extends TaggedDigest {
  readonly firstSeenMs: number
}

/** A digest, and the line of the lock that said it. */
export interface LockedOnce {
  readonly stacklet: StackletId
  readonly service: string
  readonly digest: string
}

/** A digest that went wrong for one service: it is not tried there again. */
export interface Quarantined extends LockedOnce {
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

/** Copies of everything that a stacklet keeps. */
export interface Snapshot {
  readonly folder: string
  readonly atMs: number
  /** `copy` is null for a place where nothing was. */
  readonly places: readonly { readonly path: string; readonly copy: string | null }[]
}

export interface KeptSnapshot extends Snapshot {
  readonly stacklet: StackletId
}

export const noNotes: UpdateNotes = {
  seen: {},
  quarantine: [],
  locked: [],
  reverted: [],
  pauses: {},
  begun: [],
  snapshots: [],
  replaced: [],
  told: [],
}
