import { describe, expect, it } from 'vitest'
import type { StackletId } from '../../../reconciler/model/names.ts'
import { noNotes, type UpdateNotes } from '../../../reconciler/model/update-notes.ts'
import {
  refusesImages,
  withLocked,
  withoutPutBack,
  withoutRefusals,
  withTaken,
} from '../../../reconciler/plan/updates/reverts.ts'

const photos = 'photos' as StackletId
const wiki = 'wiki' as StackletId

function line(digest: string, service = 'web') {
  return { stacklet: photos, service, digest }
}

function update(from: string | null, to: string) {
  const side = (digest: string) => ({ image: 'server:1', tag: '1', digest })
  const place = { stacklet: photos, service: 'web', atMs: 0, revision: null }
  return { ...place, from: from === null ? null : side(from), to: side(to) }
}

/** What looks after each other saw in the lock. */
function having(...digests: string[]): UpdateNotes {
  return digests.reduce((notes, digest) => withLocked(notes, [line(digest)]), noNotes)
}

function reverted(notes: UpdateNotes): readonly string[] {
  return notes.reverted.map(({ digest }) => digest)
}

describe('what git went back from', () => {
  it.each([
    ['nothing, while the lock goes on', ['a', 'b', 'c'], []],
    ['the update that was reverted', ['a', 'b', 'a'], ['b']],
    ['every one in between', ['a', 'b', 'c', 'a'], ['b', 'c']],
    ['only what is later than what runs', ['a', 'b', 'c', 'b'], ['c']],
    ['nothing more when the revert is reverted', ['a', 'b', 'a', 'b'], []],
    ['the same after a newer one', ['a', 'b', 'a', 'c'], ['b']],
    ['the same however often one looks', ['a', 'b', 'a', 'a'], ['b']],
  ])('is %s', (_, digests, expected) => {
    expect(reverted(having(...digests))).toEqual(expected)
  })

  it('is seen by a host that took the update itself and looked no more before the revert', () => {
    const taken = withTaken(noNotes, [update('a', 'b')])

    expect(reverted(withLocked(taken, [line('a')]))).toEqual(['b'])
  })

  it('is nothing where an update followed its tag to an earlier image', () => {
    const back = withTaken(withTaken(noNotes, [update('a', 'b')]), [update('b', 'a')])

    expect(reverted(withLocked(back, [line('a')]))).toEqual([])
  })

  it('is nothing where an update that went wrong was put back', () => {
    const back = withoutPutBack(having('a', 'b'), [update('a', 'b')])

    expect(reverted(withLocked(back, [line('a')]))).toEqual([])
  })

  it('is told for each service alone', () => {
    const notes = withLocked(having('a', 'b'), [line('a', 'db')])

    expect(reverted(notes)).toEqual([])
  })

  it('changes no notes when nothing moved', () => {
    const notes = having('a', 'b')

    expect(withLocked(notes, [line('b')])).toBe(notes)
  })
})

describe('a release', () => {
  const notes = { ...having('a', 'b', 'a'), quarantine: [{ ...line('c'), why: 'it exits', atMs: 0 }] }

  it('lets every image of its stacklet be taken again, for good', () => {
    const released = withoutRefusals(notes, photos)

    expect([refusesImages(notes, photos), refusesImages(released, photos)]).toEqual([true, false])
    expect(reverted(withLocked(released, [line('a')]))).toEqual([])
  })

  it('leaves those of others alone', () => {
    expect(refusesImages(notes, wiki)).toBe(false)
    expect(refusesImages(withoutRefusals(notes, wiki), photos)).toBe(true)
  })
})
