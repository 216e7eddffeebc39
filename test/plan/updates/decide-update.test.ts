import { describe, expect, it } from 'vitest'
import { decideUpdate } from '../../../reconciler/plan/updates/decide-update.ts'
import { dayMs, given, hourMs, nowMs, policy, sighting } from './given.ts'

describe('an update', () => {
  it('is the new digest of the same tag', () => {
    expect(decideUpdate(given())).toEqual({ kind: 'update', to: { tag: '1', digest: 'new' } })
  })

  it('is none when the tag means what runs', () => {
    expect(decideUpdate(given({ offered: sighting('1@old') }))).toEqual({ kind: 'up-to-date' })
  })

  it('is the newest tag that the channel allows, before a new digest of the old one', () => {
    const newer = [sighting('1.2.5@c'), sighting('1.2.4@b')]

    expect(decideUpdate(given({ policy: policy({ channel: 'patch' }), newer }))).toMatchObject({
      kind: 'update',
      to: { tag: '1.2.5', digest: 'c' },
    })
  })

  it.each([
    [null, 'no channel is set for it'],
    ['none', 'its channel is none'],
  ] as const)('with the channel %s is only reported', (channel, why) => {
    const decision = decideUpdate(given({ policy: policy({ channel }) }))

    expect(decision).toMatchObject({ kind: 'reported-only', to: { tag: '1', digest: 'new' }, why })
  })

  it('is held while desired.toml says so, or a person', () => {
    expect(decideUpdate(given({ policy: policy({ hold: true }) }))).toMatchObject({ kind: 'held' })
    expect(decideUpdate(given({ held: 'ada asked for it' }))).toMatchObject({ kind: 'held', why: 'ada asked for it' })
  })

  it('that went wrong is not tried again, and the next digest is', () => {
    const quarantined = { new: 'it was not healthy' }

    expect(decideUpdate(given({ quarantined }))).toMatchObject({ kind: 'quarantined', why: 'it was not healthy' })
    expect(decideUpdate(given({ quarantined, offered: sighting('1@mended') }))).toMatchObject({
      kind: 'update',
      to: { digest: 'mended' },
    })
  })

  it('goes to an older new tag where the newest went wrong', () => {
    const newer = [sighting('1.2.5@c'), sighting('1.2.4@b')]
    const decision = decideUpdate(given({ policy: policy({ channel: 'patch' }), newer, quarantined: { c: 'bad' } }))

    expect(decision).toMatchObject({ kind: 'update', to: { tag: '1.2.4' } })
  })
})

describe('an update that is too young', () => {
  const minAge = policy({ minAgeMs: 3 * dayMs })

  it('waits until it is old enough', () => {
    const decision = decideUpdate(given({ policy: minAge, offered: sighting('1@new', dayMs) }))

    expect(decision).toMatchObject({ kind: 'deferred', untilMs: nowMs + 2 * dayMs, to: { digest: 'new' } })
  })

  it('is taken on the minute', () => {
    expect(decideUpdate(given({ policy: minAge, offered: sighting('1@new', 3 * dayMs) }))).toMatchObject({
      kind: 'update',
    })
  })

  it('does not keep an older one back that came after what runs: releases may overlap', () => {
    const former = [sighting('1@old', 9 * dayMs), sighting('1@between', 4 * dayMs), sighting('1@new', dayMs)]
    const decision = decideUpdate(given({ policy: minAge, offered: sighting('1@new', dayMs), former }))

    expect(decision).toMatchObject({ kind: 'update', to: { digest: 'between' } })
  })

  it('never goes back to what the tag was before what runs', () => {
    const former = [sighting('1@older', 9 * dayMs), sighting('1@old', 4 * dayMs), sighting('1@new', dayMs)]
    const decision = decideUpdate(given({ policy: minAge, offered: sighting('1@new', dayMs), former }))

    expect(decision).toMatchObject({ kind: 'deferred', to: { digest: 'new' } })
  })
})

describe('an update outside of its window', () => {
  it('waits until it opens, in local time', () => {
    const decision = decideUpdate(given({ policy: policy({ window: 'Sat,Sun 03:00-05:00' }) }))

    expect(decision).toMatchObject({ kind: 'deferred', untilMs: Date.parse('2026-07-04T01:00:00Z') })
  })

  it('is taken inside', () => {
    const inside = Date.parse('2026-07-04T01:00:00Z')

    expect(decideUpdate(given({ policy: policy({ window: 'Sat,Sun 03:00-05:00' }), nowMs: inside }))).toMatchObject({
      kind: 'update',
    })
  })

  it('is told with the reason that lasts longer', () => {
    const both = policy({ window: '14:00-15:00', minAgeMs: hourMs })

    expect(decideUpdate(given({ policy: both }))).toMatchObject({ kind: 'deferred', untilMs: nowMs + hourMs })
  })
})

describe('a digest that git went back from', () => {
  it('is left alone, and not told as something that went wrong', () => {
    expect(decideUpdate(given({ reverted: ['new'] }))).toMatchObject({
      kind: 'held',
      to: { digest: 'new' },
      why: expect.stringContaining('stack release'),
    })
  })

  it('does not keep a newer one away', () => {
    const offers = { newer: [sighting('1.1@newest')], reverted: ['new'] }

    expect(decideUpdate(given(offers))).toMatchObject({ kind: 'update', to: { digest: 'newest' } })
  })

  it('is not taken for an older one either that came in between', () => {
    const former = [sighting('1@old', 3 * dayMs), sighting('1@between', 2 * dayMs)]

    expect(decideUpdate(given({ former, reverted: ['between', 'new'] }))).toMatchObject({ kind: 'held' })
  })
})
