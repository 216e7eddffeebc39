import { describe, expect, it } from 'vitest'
import type { ObservedContainer } from '../../reconciler/model/actual.ts'
import { makePlan } from '../../reconciler/plan/make-plan.ts'
import { applied, forgetting } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { stacklet } from '../support/intent.ts'
import { planText } from '../support/plan-text.ts'

const want = desired([stacklet('photos', { services: { web: {}, db: {} } })])
const down = { state: 'created' } as const satisfies Partial<ObservedContainer>

/** The database could not be started in this run, so many times. */
const afterStarts = (times: number, base = applied(want, { 'stack-photos-db-1': down })) => ({
  ...base,
  stuck: { photos: times },
})

describe('a container that the engine cannot start', () => {
  it('is made anew by Compose, and it alone', () => {
    expect(planText(want, afterStarts(1))).toMatchInlineSnapshot(`
      "photos
        ± replace db                   stuck in a start
            stack-photos-db-1 State.Status: created → running
        · await-health                 started"
    `)
  })

  it('in a first run, too', () => {
    const first = forgetting(applied(want, { 'stack-photos-db-1': down, 'stack-photos-web-1': down }), 'photos')

    expect(makePlan(want, afterStarts(1, first)).steps[0]?.step).toMatchObject({
      kind: 'replace',
      services: ['db', 'web'],
      because: 'stuck in a start',
    })
  })

  it('is made anew beside what changed', () => {
    const services = { web: { mounts: ['site'] }, db: {} }
    const [then, now] = ['1', '2'].map((text) => desired([stacklet('photos', { services, files: { 'site/a': text } })]))

    expect(makePlan(now!, afterStarts(1, applied(then!, { 'stack-photos-db-1': down }))).steps[0]?.step).toMatchObject({
      services: ['db', 'web'],
      because: 'content changed',
    })
  })

  it('is removed where that does not help, and made from nothing', () => {
    expect(planText(want, afterStarts(2))).toMatchInlineSnapshot(`
      "photos
        - remove-orphan stack-photos-db-1  stuck in a start
            container: created → none
        ~ start                        stopped
            stack-photos-db-1 State.Status: created → running  (changed on the host)
        · await-health                 started"
    `)
  })

  it('is none that runs, or did its work', () => {
    expect(planText(want, afterStarts(1, applied(want)))).toBe('')
    expect(planText(want, afterStarts(2, applied(want)))).toBe('')
  })
})
