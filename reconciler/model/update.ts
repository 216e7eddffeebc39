import type { StackletId } from './names.ts'

export const channels = ['digest', 'patch', 'minor', 'major', 'none'] as const
/** How far an update may go: the same tag's newest digest, or a newer tag of the same shape as well. */
export type Channel = (typeof channels)[number]

/** What may happen to the image of a service, and when. */
export interface UpdatePolicy {
  /** Null: nobody said; then it is only reported. */
  readonly channel: Channel | null
  /** `Sat,Sun 03:00-05:00` in the host's time zone; null: at any time. */
  readonly window: string | null
  /** How long an image must have been known here before it is taken. */
  readonly minAgeMs: number
  /** Patterns that a newer tag must match, and must not. */
  readonly include: string | null
  readonly exclude: string | null
  readonly hold: boolean
  readonly snapshot: boolean
  readonly verify: 'cosign' | null
  /** The public key for that, relative to the instance. */
  readonly verifyKey: string
  /** Whether the public log of signatures must know of it, too: of what is signed for one's own use it does not. */
  readonly verifyLog: boolean
}

/** What a stacklet says about its updates. */
export interface UpdateRules {
  readonly whole: UpdatePolicy
  /** Services with a table of their own, what it leaves out taken from the whole. */
  readonly services: Readonly<Record<string, UpdatePolicy>>
}

export interface TaggedDigest {
  readonly tag: string
  readonly digest: string
}

/** Where a service is with its image; `because` is a sentence that says so. */
export type UpdateDecision =
  | { readonly kind: 'up-to-date' }
  | { readonly kind: 'update'; readonly to: TaggedDigest }
  | { readonly kind: 'deferred'; readonly to: TaggedDigest; readonly untilMs: number | null; readonly why: string }
  | { readonly kind: 'held'; readonly to: TaggedDigest; readonly why: string }
  | { readonly kind: 'quarantined'; readonly to: TaggedDigest; readonly why: string }
  | { readonly kind: 'reported-only'; readonly to: TaggedDigest | null; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string }

/** One service, and what was decided about its image. */
export interface ServiceUpdate {
  readonly stacklet: StackletId
  readonly service: string
  /** As its Compose file has it. */
  readonly image: string
  /** What it runs; the digest is null where nobody knows it. */
  readonly current: { readonly tag: string | null; readonly digest: string | null }
  readonly policy: UpdatePolicy
  readonly decision: UpdateDecision
}
