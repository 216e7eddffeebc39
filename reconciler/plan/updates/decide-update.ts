import { isOpen, nextOpening, parseWindow } from '../../lib/window.ts'
import type { TaggedDigest, UpdateDecision, UpdatePolicy } from '../../model/update.ts'

/** A digest that a tag has, or had, and since when this host knows of it. */
export interface Sighting extends TaggedDigest {
  readonly firstSeenMs: number
}

/** Everything that is known of one service's image at this moment. */
export interface UpdateCase {
  readonly policy: UpdatePolicy
  readonly current: { readonly tag: string | null; readonly digest: string | null }
  /** What the current tag means in the registry now. */
  readonly offered: Sighting
  /** Every digest that the current tag had since this host looks. */
  readonly former: readonly Sighting[]
  /** Newer tags that the channel allows, newest first. */
  readonly newer: readonly Sighting[]
  /** Digests that went wrong for this service, and what happened. */
  readonly quarantined: Readonly<Record<string, string>>
  /** Digests that git went back from. */
  readonly reverted: readonly string[]
  /** Why a person wants this stacklet left alone; null: nobody does. */
  readonly held: string | null
  readonly nowMs: number
  readonly timeZone: string
}

/** What to do about one image now. Pure: time is part of the case. */
export function decideUpdate(given: UpdateCase): UpdateDecision {
  const { policy, quarantined, reverted } = given
  const candidates = candidatesOf(given)
  const [newest] = candidates
  const unwanted = whyOnlyReported(policy)
  if (unwanted !== null) return { kind: 'reported-only', to: newest ?? null, why: unwanted }
  if (newest === undefined) return { kind: 'up-to-date' }
  if (policy.hold) return { kind: 'held', to: newest, why: 'hold = true in desired.toml' }
  if (given.held !== null) return { kind: 'held', to: newest, why: given.held }
  const sound = candidates.filter(({ digest }) => quarantined[digest] === undefined && !reverted.includes(digest))
  return sound.length === 0 ? refused(newest, given) : whenAllowed(sound, given)
}

function refused(newest: Sighting, { quarantined, reverted }: UpdateCase): UpdateDecision {
  const why = quarantined[newest.digest]
  if (why !== undefined || !reverted.includes(newest.digest)) return { kind: 'quarantined', to: newest, why: why ?? '' }
  const waits = 'git went back from it: the next one is taken, and this one again after stack release'
  return { kind: 'held', to: newest, why: waits }
}

function whyOnlyReported({ channel }: UpdatePolicy): string | null {
  if (channel === null) return 'no channel is set for it'
  return channel === 'none' ? 'its channel is none' : null
}

/**
 * Newest first. A tag that moves every day would never be old enough: a digest that it had meanwhile is a candidate as well, as
 * long as it came after the one that runs.
 */
function candidatesOf({ current, offered, former, newer }: UpdateCase): readonly Sighting[] {
  if (offered.digest === current.digest) return newer
  const ranSinceMs = former.find(({ digest }) => digest === current.digest)?.firstSeenMs ?? offered.firstSeenMs
  const since = former.filter((one) => one.firstSeenMs > ranSinceMs && one.digest !== offered.digest)
  return [...newer, offered, ...since.sort((one, other) => other.firstSeenMs - one.firstSeenMs)]
}

function whenAllowed(candidates: readonly Sighting[], { policy, nowMs, timeZone }: UpdateCase): UpdateDecision {
  const ripeAt = ({ firstSeenMs }: Sighting): number => firstSeenMs + policy.minAgeMs
  const ripe = candidates.find((one) => ripeAt(one) <= nowMs)
  if (ripe === undefined) {
    const first = [...candidates].sort((one, other) => ripeAt(one) - ripeAt(other))[0] ?? candidates[0]
    const to = taggedDigest(first as Sighting)
    return { kind: 'deferred', to, untilMs: ripeAt(first as Sighting), why: 'it is not min_age old yet' }
  }
  const to = taggedDigest(ripe)
  const window = policy.window === null ? null : parseWindow(policy.window)
  if (window === null || isOpen(window, nowMs, timeZone)) return { kind: 'update', to }
  const untilMs = nextOpening(window, nowMs, timeZone)
  return { kind: 'deferred', to, untilMs, why: `its window is ${policy.window}` }
}

function taggedDigest({ tag, digest }: Sighting): TaggedDigest {
  return { tag, digest }
}
