import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { fileUpdateMemory } from '../../../reconciler/adapters/updates/file-update-memory.ts'
import type { StackletId } from '../../../reconciler/model/names.ts'
import { noNotes, type UpdateNotes } from '../../../reconciler/model/update-notes.ts'
import { withSightings } from '../../../reconciler/plan/updates/sightings.ts'

const { signal } = new AbortController()

function instance(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stackloop-memory-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

const sighted = (digest: string) => ({ repository: 'docker.io/library/web', tag: '1', digest })

it('remembers nothing before anything was noted', async () => {
  expect(await fileUpdateMemory({ instance: instance() }).read()).toEqual(noNotes)
})

it('reads what it wrote, and lets nobody else read it', async () => {
  const folder = instance()
  const line = { image: 'web:1', tag: '1', digest: 'sha256:a' }
  const place = { stacklet: 'photos' as StackletId, service: 'web' }
  const notes: UpdateNotes = {
    seen: { 'docker.io/library/web': [{ tag: '1', digest: 'sha256:a', firstSeenMs: 7 }] },
    quarantine: [{ ...place, digest: 'sha256:b', why: 'it was not healthy', atMs: 8 }],
    locked: [{ ...place, digest: 'sha256:a' }],
    reverted: [{ ...place, digest: 'sha256:b' }],
    pauses: { 'ghcr.io': 9 },
    begun: [{ ...place, from: null, to: line, atMs: 10, revision: null }],
    told: [
      { ...place, image: 'web:1', current: null, candidate: null, policy: 'digest', decision: 'held', because: 'x' },
    ],
    replaced: [{ reference: 'web@sha256:a', atMs: 12 }],
    snapshots: [{ stacklet: place.stacklet, folder: '/s', atMs: 11, places: [{ path: '/a', copy: null }] }],
  }
  await fileUpdateMemory({ instance: folder }).change(() => notes, signal)

  expect(await fileUpdateMemory({ instance: folder }).read()).toEqual(notes)
  expect(statSync(join(folder, '.stack/first-seen')).mode & 0o777).toBe(0o600)
})

it('loses nothing where many note at once', async () => {
  const folder = instance()
  const memories = Array.from({ length: 8 }, () => fileUpdateMemory({ instance: folder }))
  await Promise.all(
    memories.map((memory, index) =>
      memory.change((notes) => withSightings(notes, [sighted(`sha256:${index}`)], index), signal),
    ),
  )

  const { seen } = await fileUpdateMemory({ instance: folder }).read()
  expect(seen['docker.io/library/web']).toHaveLength(8)
})

it('does not write again what is known', async () => {
  const folder = instance()
  const memory = fileUpdateMemory({ instance: folder })
  await memory.change((notes) => withSightings(notes, [sighted('sha256:a')], 1), signal)
  const before = readFileSync(join(folder, '.stack/first-seen'))
  await memory.change((notes) => withSightings(notes, [sighted('sha256:a')], 2), signal)

  expect(readFileSync(join(folder, '.stack/first-seen'))).toEqual(before)
})

it.each(['', 'rubbish', '[]', '{"seen": 3}'])('counts %j as nothing', async (text) => {
  const folder = instance()
  const memory = fileUpdateMemory({ instance: folder })
  await memory.change((notes) => withSightings(notes, [sighted('sha256:a')], 1), signal)
  writeFileSync(join(folder, '.stack/first-seen'), text)

  expect(await memory.read()).toEqual(noNotes)
})
