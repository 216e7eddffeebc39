import { describe, expect, it } from 'vitest'
import type { Digest, StackletId } from '../../reconciler/model/names.ts'
import { and, applied, container, forgetting } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { stacklet } from '../support/intent.ts'
import { planText } from '../support/plan-text.ts'

const kept = stacklet('kept')
const before = desired([kept, stacklet('photos')])
const unlisted = [kept, stacklet('photos', { state: 'unlisted' })]

describe('no longer listed', () => {
  it('keeps running when prune is keep', () => {
    expect(planText(desired(unlisted, { prune: 'keep' }), applied(before))).toBe('')
  })

  it('is stopped and kept when prune is down', () => {
    expect(planText(desired(unlisted, { prune: 'down' }), applied(before))).toMatchInlineSnapshot(`
      "photos
        - stop                         no longer listed"
    `)
  })

  it('is removed, data to the trash, when prune is destroy', () => {
    expect(planText(desired(unlisted, { prune: 'destroy' }), applied(before))).toMatchInlineSnapshot(`
      "photos
        - remove                       no longer listed
        - trash-data                   no longer listed
        - forget                       no longer listed"
    `)
  })

  it('is stopped once: what rests is left alone', () => {
    const resting = { 'stack-photos-web-1': { state: 'exited' } } as const

    expect(planText(desired(unlisted), applied(before, resting))).toBe('')
  })

  it('is found by its labels when the ledger does not know it', () => {
    expect(planText(desired(unlisted), forgetting(applied(before), 'photos'))).toMatchInlineSnapshot(`
      "photos
        - stop                         no longer listed"
    `)
  })

  it('is found by the ledger when its directory is gone', () => {
    expect(planText(desired([kept], { prune: 'destroy' }), applied(before))).toMatchInlineSnapshot(`
      "photos
        - remove                       no longer listed
        - trash-data                   no longer listed
        - forget                       no longer listed"
    `)
  })

  it('is put away, declared absent without a directory, if its first run left no more than a file', () => {
    const want = { ...desired([kept]), gone: ['photos' as StackletId] }
    const have = applied(before)
    const { photos: _, ...ledger } = have.ledger
    const containers = have.containers.filter((one) => one.stacklet !== 'photos')

    expect(planText(want, { ...have, ledger, containers })).toMatchInlineSnapshot(`
      "photos
        - trash-data                   declared absent
        - forget                       declared absent"
    `)
  })

  it("is none of ours when it is another instance's", () => {
    const theirs = container('theirs', { instance: 'instance-2', stacklet: 'photos', project: 'stack-photos' })

    expect(planText(desired([kept]), and(applied(desired([kept])), theirs))).toBe('')
  })
})

describe('declared absent', () => {
  it('is refused for what is always on, which keeps running', () => {
    const want = desired([kept, stacklet('photos', { state: 'absent', alwaysOn: true })])

    expect(planText(want, applied(before))).toMatchInlineSnapshot(`
      "! stalled: photos is always_on and cannot be absent
          declare it stopped, or take always_on out of stacklets/photos/stacklet.toml"
    `)
  })

  it("leaves data alone that is somebody else's: it was never here", () => {
    const have = applied(desired([kept]))
    const theirs = { ...have.files['kept']!, env: null, isSetUp: false, hasData: true }
    const want = desired([kept, stacklet('photos', { state: 'absent' })])

    expect(planText(want, { ...have, files: { ...have.files, photos: theirs } })).toBe('')
  })

  it('leaves data alone where there is none', () => {
    const have = applied(before)
    const files = { ...have.files, photos: { ...have.files['photos']!, hasData: false } }
    const want = desired([kept, stacklet('photos', { state: 'absent' })])

    expect(planText(want, { ...have, files })).not.toContain('trash-data')
  })

  it('with a wish to purge waits for a yes', () => {
    const want = { ...desired([kept, stacklet('photos', { state: 'absent' })]), purge: ['photos' as never] }

    expect(planText(want, applied(before))).toMatchInlineSnapshot(`
      "! held: purge-data photos is held, because asked to purge
          allow it with stack destroy photos --purge --yes"
    `)
    expect(planText(want, applied(before), { yes: true })).toMatchInlineSnapshot(`
      "photos
        - remove                       declared absent
        - purge-data                   asked to purge
        - forget                       declared absent"
    `)
  })
})

describe('too many at once', () => {
  const names = ['a', 'b', 'c', 'd']
  const four = desired(names.map((id) => stacklet(id)))
  const leaving = names.map((id) => stacklet(id, { state: 'absent' }))

  it('are held, with the number that was exceeded', () => {
    expect(planText(desired(leaving, { maxRemovals: 3 }), applied(four))).toMatchInlineSnapshot(`
      "! held: removing a, b, c, d is held, because more than max_removals = 3 would leave at once
          restore desired.toml, or allow it with a commit that says Stack-Approve: ed38f8fa24949281"
    `)
  })

  it('go when the commit says so in a trailer', () => {
    const held = planText(desired(leaving, { maxRemovals: 3 }), applied(four))
    const approvals = [/Stack-Approve: (\w+)/.exec(held)?.[1] as Digest]

    expect(planText(desired(leaving, { maxRemovals: 3, approvals }), applied(four))).toMatchInlineSnapshot(`
      "a
        - remove                       declared absent
        - trash-data                   declared absent
        - forget                       declared absent

      b
        - remove                       declared absent
        - trash-data                   declared absent
        - forget                       declared absent

      c
        - remove                       declared absent
        - trash-data                   declared absent
        - forget                       declared absent

      d
        - remove                       declared absent
        - trash-data                   declared absent
        - forget                       declared absent"
    `)
  })

  it('are held by the number they are, not by the one they would be with others that are long gone', () => {
    const gone = desired([stacklet('d')])

    expect(planText(desired(leaving, { maxRemovals: 1 }), applied(gone))).toMatchInlineSnapshot(`
      "d
        - remove                       declared absent
        - trash-data                   declared absent
        - forget                       declared absent"
    `)
  })
})
