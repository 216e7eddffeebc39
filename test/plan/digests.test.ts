import { describe, expect, it } from 'vitest'
import type { Actual } from '../../reconciler/model/actual.ts'
import type { Desired } from '../../reconciler/model/desired.ts'
import type { Revision } from '../../reconciler/model/names.ts'
import { makePlan } from '../../reconciler/plan/make-plan.ts'
import { actual, applied } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { stacklet } from '../support/intent.ts'

const want = desired([stacklet('photos'), stacklet('album')])
const stopped = { 'stack-photos-web-1': { state: 'exited' } } as const

/** Step to digest. */
function digests(of: Desired, have: Actual): Readonly<Record<string, string>> {
  return Object.fromEntries(makePlan(of, have).steps.map((one) => [one.id, one.digest]))
}

describe('the digest of a step', () => {
  it('is 16 hex digits, and no two steps share one', () => {
    const all = Object.values(digests(want, actual()))

    expect(all.filter((one) => !/^[0-9a-f]{16}$/.test(one))).toEqual([])
    expect(new Set(all).size).toBe(all.length)
  })

  it('does not depend on when', () => {
    const have = applied(want, stopped)
    const later = { ...want, revision: 'decade'.repeat(7).slice(0, 40) as Revision }

    expect(digests(later, { ...have, nowMs: have.nowMs + 86_400_000 })).toEqual(digests(want, have))
  })

  it('does not depend on why', () => {
    const because = { missing: applied(want, { 'stack-photos-web-1': null }), stopped: applied(want, stopped) }

    expect(digests(want, because.missing)['start photos']).toBe(digests(want, because.stopped)['start photos'])
  })

  it('does not depend on what else is to be done', () => {
    expect(digests(want, actual())['start photos']).toBe(digests(want, applied(want, stopped))['start photos'])
  })

  it('is another when what is done is another', () => {
    const changed = desired([stacklet('photos', { env: { MODE: 'new' } }), stacklet('album')])

    expect(digests(changed, actual())['start photos']).not.toBe(digests(want, actual())['start photos'])
    expect(digests(changed, actual())['start album']).toBe(digests(want, actual())['start album'])
  })
})
