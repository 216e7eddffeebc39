import { describe, expect, it } from 'vitest'
import { noNotes } from '../../../reconciler/model/update-notes.ts'
import { imagesToPrune, type PruneCase } from '../../../reconciler/plan/updates/images-to-prune.ts'
import { dayMs, nowMs } from './given.ts'

const old = 'web@sha256:old'

function prune(parts: Partial<PruneCase> = {}, agoMs = 15 * dayMs) {
  const image = { id: 'old', tags: ['web:1'], digests: [old], isUsed: false }
  const notes = { ...noNotes, replaced: [{ reference: old, atMs: nowMs - agoMs }] }
  return imagesToPrune({ notes, nowMs, keepDays: 14, locks: [], images: [image], targets: new Set(), ...parts })
}

describe('an image that an update replaced', () => {
  it('goes with all its names when it is old enough', () => {
    expect(prune()).toEqual({ remove: ['web:1', old], forget: [old] })
  })

  it.each<[string, Partial<PruneCase>, number?]>([
    ['young', {}, 13 * dayMs],
    ['locked again', { locks: [{ photos: { web: { image: 'web:1', tag: '1', digest: 'sha256:old' } } }] }],
    ['used by a container', { images: [{ id: 'old', tags: [], digests: [old], isUsed: true }] }],
    ['what somebody may go back to', { targets: new Set(['old']) }],
  ])('stays while it is %s', (_, parts, agoMs) => {
    expect(prune(parts, agoMs)).toEqual({ remove: [], forget: [] })
  })

  it('is forgotten when it is gone', () => {
    expect(prune({ images: [] })).toEqual({ remove: [], forget: [old] })
  })
})

it('an image that no update replaced is nobody’s to take away', () => {
  expect(prune({ notes: noNotes })).toEqual({ remove: [], forget: [] })
})
