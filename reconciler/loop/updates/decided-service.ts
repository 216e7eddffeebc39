import type { Actual } from '../../model/actual.ts'
import type { Standing } from '../../model/standing.ts'
import type { ServiceUpdate, TaggedDigest, UpdateDecision } from '../../model/update.ts'
import type { LockedOnce, UpdateNotes } from '../../model/update-notes.ts'
import { decideUpdate, type Sighting } from '../../plan/updates/decide-update.ts'
import type { RunningService } from '../../plan/updates/running-services.ts'
import { firstSeen } from '../../plan/updates/sightings.ts'
import type { Looked } from './look-at-service.ts'

export interface CheckedService extends ServiceUpdate {
  readonly running: RunningService
}

export interface DecisionContext {
  readonly notes: UpdateNotes
  readonly nowMs: number
  readonly timeZone: string
  readonly standings: Actual['standings']
}

/** What was seen, and what that means for this service. */
export function decidedService(looked: Looked, context: DecisionContext): CheckedService {
  const { running, policy, current } = looked
  const place = { stacklet: running.stacklet.id, service: running.name, image: running.image }
  const { tag, digest } = current
  return { ...place, running, policy, current: { tag, digest }, decision: decisionOn(looked, context) }
}

function decisionOn(
  { running, policy, repository, current, look: seen }: Looked,
  { notes, nowMs, timeZone, standings }: DecisionContext,
): UpdateDecision {
  if (seen.kind === 'failed') return seen
  if (seen.kind === 'fixed') return { kind: 'reported-only', to: null, why: seen.why }
  const sighting = (one: TaggedDigest): Sighting => {
    return { ...one, firstSeenMs: firstSeen(notes, repository, one) ?? nowMs }
  }
  const former = (notes.seen[repository] ?? []).filter(({ tag }) => tag === current.tag)
  const isOwn = ({ stacklet, service }: LockedOnce): boolean =>
    stacklet === running.stacklet.id && service === running.name
  const quarantined = Object.fromEntries(notes.quarantine.filter(isOwn).map(({ digest, why }) => [digest, why]))
  const reverted = notes.reverted.filter(isOwn).map(({ digest }) => digest)
  const offers = { offered: sighting(seen.offered), newer: seen.newer.map(sighting), former }
  return decideUpdate({
    policy,
    current,
    ...offers,
    quarantined,
    reverted,
    held: whyHeld(standings[running.stacklet.id], nowMs),
    nowMs,
    timeZone,
  })
}

/** A new image would be a new version: what a person holds is left alone, and what went wrong is not tried again because of one. */
function whyHeld(standing: Standing | undefined, nowMs: number): string | null {
  const { hold = null, quarantine = null } = standing ?? {}
  if (hold !== null && (hold.untilMs ?? nowMs + 1) > nowMs) return `it is on hold: ${hold.why}`
  return quarantine === null ? null : `it went back to its last good version: ${quarantine.message}`
}
