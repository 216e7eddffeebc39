import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fileStandings } from '../../../reconciler/adapters/journal/file-standings.ts'
import { onHold, promisesOfStandings } from '../../contracts/standings.ts'

const never = new AbortController().signal
let instance: string
beforeEach(async () => {
  instance = await mkdtemp(join(tmpdir(), 'stackloop-standings-'))
})
afterEach(() => rm(instance, { recursive: true }))

promisesOfStandings(() => fileStandings({ instance }))

it('is for our eyes only', async () => {
  await fileStandings({ instance }).change(() => [onHold('photos')], never)

  expect((await stat(join(instance, '.stack/standing/photos.json'))).mode & 0o777).toBe(0o600)
})

it.each([
  ['torn', '{"id": "photos", "hold": {"by"'],
  ['empty', ''],
  ['another one', '{"id": "docs"}'],
  ['of another shape', '{"id": "photos", "hold": "yes"}'],
])('names a file that is %s, and leaves it as it is', async (_, text) => {
  const standings = fileStandings({ instance })
  await standings.change(() => [onHold('photos'), onHold('docs')], never)
  const path = join(instance, '.stack/standing/photos.json')
  await writeFile(path, text)

  const { standings: all, broken } = await standings.read()

  expect([Object.keys(all), broken]).toEqual([['docs'], ['photos']])
  expect(await readFile(path, 'utf8')).toBe(text)
})

it('reads what a later version wrote, without what it added', async () => {
  const standings = fileStandings({ instance })
  await standings.change(() => [onHold('photos')], never)
  const path = join(instance, '.stack/standing/photos.json')
  await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), mood: 'fine' }))

  expect((await standings.read()).standings['photos']).toEqual(onHold('photos'))
})
