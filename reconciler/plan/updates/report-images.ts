import { assertNever } from '../../lib/assert-never.ts'
import type { ServiceUpdate, TaggedDigest, UpdateDecision, UpdatePolicy } from '../../model/update.ts'
import type { ReportedImage } from '../../model/update-report.ts'

/** A decision in words. */
export function reportedImage({ stacklet, service, image, current, policy, decision }: ServiceUpdate): ReportedImage {
  return {
    stacklet,
    service,
    image,
    current: currentText(current),
    candidate: candidateOf(decision),
    policy: policyText(policy),
    decision: decision.kind,
    because: because(decision, policy),
  }
}

function currentText({ tag, digest }: ServiceUpdate['current']): string | null {
  const parts = [tag, digest].filter((part) => part !== null)
  return parts.length === 0 ? null : parts.join('@')
}

function candidateOf(decision: UpdateDecision): string | null {
  const to: TaggedDigest | null = 'to' in decision ? decision.to : null
  return to === null ? null : `${to.tag}@${to.digest}`
}

function policyText({ channel, window, minAgeMs, include, exclude, hold }: UpdatePolicy): string {
  const age = minAgeMs === 0 ? null : `${ageText(minAgeMs)} old`
  const patterns = [include === null ? null : `only ${include}`, exclude === null ? null : `not ${exclude}`]
  return [channel ?? 'not said', window, age, ...patterns, hold ? 'on hold' : null]
    .filter((part) => part !== null)
    .join(', ')
}

function ageText(ms: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
  ]
  const [name, unit] = units.find(([, size]) => ms % size === 0) ?? ['s', 1000]
  return `${ms / unit}${name}`
}

function because(decision: UpdateDecision, { channel }: UpdatePolicy): string {
  switch (decision.kind) {
    case 'up-to-date':
      return `nothing newer that ${channel} allows`
    case 'update':
      return 'it is newer, and allowed now'
    case 'deferred':
      return `${decision.why}${decision.untilMs === null ? '' : `; until ${timeText(decision.untilMs)}`}`
    case 'held':
    case 'quarantined':
    case 'reported-only':
    case 'failed':
      return decision.why
    default:
      return assertNever(decision)
  }
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().replace(/:\d\d\.\d+Z$/, 'Z')
}
