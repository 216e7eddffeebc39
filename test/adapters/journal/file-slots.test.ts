import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fileSlots } from '../../../reconciler/adapters/journal/file-slots.ts'

let instance: string
beforeEach(async () => {
  instance = await mkdtemp(join(tmpdir(), 'stackloop-slots-'))
})
afterEach(() => rm(instance, { recursive: true }))

it('knows of no slot at first, then the last of each name, in whatever process', async () => {
  expect(await fileSlots({ instance }).last('nightly')).toBeNull()

  await fileSlots({ instance }).note('nightly', '2026-01-01T03:00:00.000Z')
  await fileSlots({ instance }).note('updates', '2026-01-01T04:00:00.000Z')
  await fileSlots({ instance }).note('nightly', '2026-01-02T03:00:00.000Z')

  expect(await fileSlots({ instance }).last('nightly')).toBe('2026-01-02T03:00:00.000Z')
  expect(await fileSlots({ instance }).last('updates')).toBe('2026-01-01T04:00:00.000Z')
})

it.each(['', '{"nightly"', '[]', '{"nightly": 3}'])('takes %j for none, and goes on from now', async (text) => {
  const slots = fileSlots({ instance })
  await slots.note('nightly', '2026-01-01T03:00:00.000Z')
  await writeFile(join(instance, '.stack/slots.json'), text)

  expect(await slots.last('nightly')).toBeNull()
  await slots.note('nightly', '2026-01-02T03:00:00.000Z')
  expect(await slots.last('nightly')).toBe('2026-01-02T03:00:00.000Z')
})
