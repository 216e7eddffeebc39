import { describe, expect, it } from 'vitest'
import { actual, applied, forgetting, imagesOf } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { type StackletIntent, stacklet } from '../support/intent.ts'
import { planText } from '../support/plan-text.ts'

/** Two services that are built, each from a folder of its own. */
function twice(files: Readonly<Record<string, string>>): StackletIntent {
  return stacklet('photos', { services: { api: { build: 'api' }, web: { build: 'web' } }, files })
}
const first = { 'api/main.js': '1', 'web/main.js': '1' }

describe('images', () => {
  it('are pulled once for all services that run them', () => {
    const services = { a: { image: 'server:1' }, b: { image: 'server:1' }, c: { image: 'server:2' } }
    const want = desired([stacklet('photos', { services })])

    expect(planText(want, actual({ networks: ['stack'] }))).toMatchInlineSnapshot(`
      "photos
        + write-env                    missing
        + pull-image server:1          missing
        + pull-image server:2          missing
        + start                        never started
        · await-health                 started
        + finish-setup                 first healthy start"
    `)
  })

  it('are pulled when somebody removed them, though nothing else has to be done', () => {
    const want = desired([stacklet('photos')])

    expect(planText(want, { ...applied(want), images: imagesOf([]) })).toMatchInlineSnapshot(`
      "photos
        + pull-image server:1          missing"
    `)
  })

  it('are neither pulled nor built for what is stopped, absent or not listed', () => {
    const states = ['stopped', 'absent', 'unlisted'] as const
    const want = desired(states.map((state) => stacklet(state, { state, services: { web: { build: '.' }, db: {} } })))

    expect(planText(want, actual())).toBe('')
  })

  it('are built where they are missing', () => {
    const want = desired([twice(first)])

    expect(planText(want, actual({ networks: ['stack'] }))).toMatchInlineSnapshot(`
      "photos
        + write-env                    missing
        + build-image api web          missing
        + start                        never started
        · await-health                 started
        + finish-setup                 first healthy start"
    `)
  })

  it('are built anew for the services whose folder changed, and for no other', () => {
    const before = desired([twice(first)])
    const want = desired([twice({ ...first, 'web/main.js': '2' })])

    expect(planText(want, applied(before))).toMatchInlineSnapshot(`
      "photos
        + build-image web              content changed
        ± replace web                  content changed
            web/main.js: 56a6051ca2b0 → d8263ee98605  (commit c0ffee1)
        · await-health                 started"
    `)
  })

  it('are built together, one because it is missing and one because it changed', () => {
    const before = desired([twice(first)])
    const want = desired([twice({ ...first, 'web/main.js': '2' })])
    const have = { ...applied(before), images: imagesOf(['stack-photos-web']) }

    expect(planText(want, have)).toContain('+ build-image api web')
  })

  it('of an earlier life are no evidence: they are built again', () => {
    const want = desired([twice(first)])
    const have = actual({ networks: ['stack'], images: ['stack-photos-api', 'stack-photos-web'] })

    expect(planText(want, have)).toMatchInlineSnapshot(`
      "photos
        + write-env                    missing
        + build-image api web          not confirmed
        + start                        never started
        · await-health                 started
        + finish-setup                 first healthy start"
    `)
  })

  it('and containers of an earlier life are made anew where they read files that may have changed since', () => {
    const services = { web: { mounts: ['conf'] }, db: {} }
    const want = desired([stacklet('photos', { services, files: { 'conf/site.conf': '1' } })])
    const have = forgetting(applied(want), 'photos')

    expect(planText(want, have)).toMatchInlineSnapshot(`
      "photos
        ± replace web                  not confirmed
        · await-health                 started"
    `)
  })
})
