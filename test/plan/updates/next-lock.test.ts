import { describe, expect, it } from 'vitest'
import type { LockedImage } from '../../../reconciler/model/locked-image.ts'
import { withLines, withoutStale } from '../../../reconciler/plan/updates/next-lock.ts'
import { desired } from '../../support/desired.ts'
import { stacklet } from '../../support/intent.ts'

const line = (digest: string): LockedImage => ({ image: 'server:1', tag: '1', digest })
const lock = { photos: { web: line('a'), old: line('b') }, wiki: { web: line('c') }, gone: { web: line('d') } }

describe('the next lock', () => {
  it('has the new lines, and all others as they are', () => {
    const next = withLines(lock, [{ stacklet: 'photos', service: 'web', line: line('new') }])

    expect(next).toEqual({ ...lock, photos: { web: line('new'), old: line('b') } })
  })

  it('has a line for a stacklet that had none, and none that is taken away', () => {
    const lines = [
      { stacklet: 'notes', service: 'web', line: line('n') },
      { stacklet: 'wiki', service: 'web', line: null },
    ]

    expect(withLines(lock, lines)).toMatchObject({ notes: { web: line('n') }, wiki: {} })
  })

  it('loses services that left their file, and stacklets without a directory; another host may run the rest', () => {
    const state = desired([stacklet('photos'), stacklet('wiki', { state: 'absent' })])

    const readers = { ...state, everyone: state.stacklets, bases: new Map() }
    expect(withoutStale(lock, readers)).toEqual({ photos: { web: line('a') }, wiki: { web: line('c') } })
  })

  it('loses further images of a build that its Dockerfile names no more', () => {
    const state = desired([stacklet('photos')])
    const bases = new Map([['photos web', { upon: 'server:1', others: ['node:20'] }]])
    const built = { photos: { web: line('a'), 'web from node:20': line('b'), 'web from node:18': line('c') } }

    const next = withoutStale(built, { ...state, everyone: state.stacklets, bases })

    expect(next).toEqual({ photos: { web: line('a'), 'web from node:20': line('b') } })
  })
})
