import type { UpdatePolicy } from '../../../reconciler/model/update.ts'
import type { Sighting, UpdateCase } from '../../../reconciler/plan/updates/decide-update.ts'

export const nowMs = Date.parse('2026-07-01T12:00:00Z')
export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

export function policy(parts: Partial<UpdatePolicy> = {}): UpdatePolicy {
  const nothing = { window: null, minAgeMs: 0, include: null, exclude: null, hold: false, snapshot: false }
  return { channel: 'digest', ...nothing, verify: null, verifyKey: 'desired/cosign.pub', verifyLog: true, ...parts }
}

/** `1.2.3@a`, seen first this long ago. */
export function sighting(text: string, agoMs = 0): Sighting {
  const [tag = '', digest = ''] = text.split('@')
  return { tag, digest, firstSeenMs: nowMs - agoMs }
}

/** A service that runs `1@old`, and a registry where that tag is `new`, except for what is said. */
export function given(parts: Partial<UpdateCase> = {}): UpdateCase {
  return {
    policy: policy(),
    current: { tag: '1', digest: 'old' },
    offered: sighting('1@new'),
    former: [],
    newer: [],
    quarantined: {},
    reverted: [],
    held: null,
    nowMs,
    timeZone: 'Europe/Berlin',
    ...parts,
  }
}
