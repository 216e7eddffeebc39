import { describe, expect, it } from 'vitest'
import { and, applied, container } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { stacklet } from '../support/intent.ts'
import { planText } from '../support/plan-text.ts'

const ours = { project: 'stack-photos', stacklet: 'photos' } as const
const nobodys = { instance: null, stacklet: null } as const

describe('containers that nobody asked for', () => {
  it('removes that of a service which left the document', () => {
    const want = desired([stacklet('photos')])
    const have = and(applied(want), container('stack-photos-cache-1', { ...ours, service: 'cache' }))

    expect(planText(want, have)).toMatchInlineSnapshot(`
      "photos
        - remove-orphan stack-photos-cache-1  service removed
            container: running → none"
    `)
  })

  it('removes those of the project as it was called before, and before the new ones want their ports', () => {
    const before = desired([stacklet('photos', { services: { web: { port: 8080 } } })])
    const want = desired([stacklet('photos', { services: { web: { port: 8080 } }, project: 'album' })])

    expect(planText(want, applied(before))).toMatchInlineSnapshot(`
      "photos
        - remove-orphan stack-photos-web-1  project renamed
            container: running → none
        + start                        missing
            web container: none → running  (changed on the host)
        · await-health                 started"
    `)
  })

  it('removes what stands there once too often, and keeps the one it knows', () => {
    const want = desired([stacklet('photos')])
    const have = and(applied(want), container('a-copy-by-hand', { ...ours, service: 'web' }))

    expect(planText(want, have)).toMatchInlineSnapshot(`
      "photos
        - remove-orphan a-copy-by-hand more than declared
            container: running → none"
    `)
  })

  it('removes all of them when the Compose file is gone', () => {
    const before = desired([stacklet('photos')])
    const want = desired([stacklet('photos', { services: {} })])

    expect(planText(want, applied(before))).toMatchInlineSnapshot(`
      "photos
        - remove-orphan stack-photos-web-1  service removed
            container: running → none
        · await-health                 not confirmed
            docker-compose.yml: fe0d9a1fcc12 → none  (commit c0ffee1)"
    `)
  })

  it.each([
    ['a helper of ours', container('h', { ...ours, service: 'web', isHelper: true })],
    ['one made by compose run', container('r', { ...ours, service: 'web', isOneOff: true })],
    ['a stranger elsewhere', container('s', { ...nobodys, project: 'elsewhere', service: 'web' })],
    ["another instance's", container('i', { instance: 'instance-2', stacklet: 'photos', project: 'elsewhere' })],
  ])('leaves alone %s', (_, other) => {
    const want = desired([stacklet('photos')])

    expect(planText(want, and(applied(want), other))).toBe('')
  })
})

describe('containers of nobody in our place', () => {
  const want = desired([stacklet('photos', { services: { web: { containerName: 'photos' } } })])
  const named = container('photos', nobodys)
  const inProject = container('x', { ...nobodys, project: 'stack-photos', service: 'web' })

  it.each([
    ['with a name of ours', named],
    ['in a project of ours', inProject],
  ])('are held when they stand there %s, and the stacklet with them', (_, stranger) => {
    const have = and({ ...applied(want, { photos: null }), ledger: {} }, stranger)

    expect(planText(want, have)).toMatch(/^! held: remove-foreign photos (photos|x) is held, because name taken$/m)
    expect(planText(want, have).split('\n')).toHaveLength(2)
  })

  it('go when a person consents', () => {
    const have = and({ ...applied(want, { photos: null }), ledger: {} }, named)

    expect(planText(want, have, { yes: true })).toMatchInlineSnapshot(`
      "photos
        - remove-foreign photos        name taken
        + start                        never started
        · await-health                 started"
    `)
  })

  it('go when the commit that declares it approves', () => {
    const have = and({ ...applied(want, { photos: null }), ledger: {} }, named)
    const digest = /Stack-Approve: (\w+)/.exec(planText(want, have))?.[1] ?? ''

    const approving = { ...want, approvals: [digest as (typeof want.approvals)[number]] }

    expect(planText(approving, have)).toBe(planText(want, have, { yes: true }))
  })

  it('are ours when the ledger knows them', () => {
    const have = applied(want, { photos: nobodys })

    expect(planText(want, have)).toBe('')
  })
})
