import { describe, expect, it } from 'vitest'
import { stackLockText } from '../../reconciler/definitions/stack-lock.ts'
import type { LockedImage } from '../../reconciler/model/locked-image.ts'
import { applied } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { stacklet } from '../support/intent.ts'
import { planText } from '../support/plan-text.ts'

const one = `sha256:${'1'.repeat(64)}`
const two = `sha256:${'2'.repeat(64)}`

function locking(digest: string, more: Partial<LockedImage> = {}) {
  return stackLockText({ photos: { web: { image: 'server:1', tag: '1', digest, ...more } } })
}

describe('a line of the lock', () => {
  it('is what a service runs, whatever its file says', () => {
    const want = desired([stacklet('photos')], { lock: locking(one) })

    expect(want.stacklets[0]?.project?.services[0]?.image).toBe(`server:1@${one}`)
  })

  it('that moved pulls the new image and makes the service anew, by that commit', () => {
    const before = desired([stacklet('photos')], { lock: locking(one) })
    const want = desired([stacklet('photos')], { lock: locking(two, { tag: '1.1' }) })

    expect(planText(want, applied(before))).toMatchInlineSnapshot(`
      "photos
        + pull-image server:1.1@sha256:222222222222  missing
        ± replace                      content changed
            web image: 1 (111111111111) → 1.1 (222222222222)
              (commit c0ffee1, desired/stack.lock)
        · await-health                 started"
    `)
  })

  it('of another image than its file names binds nobody', () => {
    const stale = locking(one, { image: 'server:0' })
    const want = desired([stacklet('photos')], { lock: stale })

    expect(want.stacklets[0]?.project?.services[0]?.image).toBe('server:1')
    expect(planText(want, applied(desired([stacklet('photos')])))).toMatchInlineSnapshot(`
      "photos
        · await-health                 not confirmed
            web image: none → 1 (111111111111)  (commit c0ffee1, desired/stack.lock)"
    `)
  })

  it('changes nothing for other stacklets', () => {
    const both = [stacklet('photos'), stacklet('wiki')]
    const want = desired(both, { lock: locking(two) })

    expect(planText(want, applied(desired(both, { lock: locking(one) })))).not.toContain('wiki')
  })

  it('that is no line stalls everything, and changes nothing', () => {
    const want = desired([stacklet('photos')], { lock: '[photos]\nweb = 1\n' })

    expect(want.problems).toMatchObject([{ level: 'error', about: null, at: { file: 'desired/stack.lock', line: 2 } }])
  })
})
