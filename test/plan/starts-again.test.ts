import { expect, it } from 'vitest'
import type { Actual } from '../../reconciler/model/actual.ts'
import { situationOf } from '../../reconciler/plan/situation.ts'
import { startsAgain } from '../../reconciler/plan/starts-again.ts'
import { applied, forgetting, idOf, networksOf, type Since } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { stacklet } from '../support/intent.ts'

const [web, db] = ['stack-photos-web-1', 'stack-photos-db-1']
const want = desired([stacklet('photos', { services: { web: {}, db: {} } })])
const killed = { state: 'exited', exitCode: 137 } as const

/** The container that the engine may start by itself. */
function found(actual: Actual, declared = want): string | null {
  const [photos] = declared.stacklets
  if (photos === undefined) throw new Error('photos is not declared')
  return startsAgain(situationOf(photos, declared, actual), actual)?.name ?? null
}

const after = (since: Since, facts: Partial<Actual> = {}): Actual => ({ ...applied(want, since), ...facts })
const died = after({ [web]: killed })

it('is what has merely exited', () => {
  expect(found(died)).toBe(web)
  expect(found(after({}))).toBeNull()
})

it.each<[string, Actual]>([
  ['more than one is down', after({ [web]: killed, [db]: killed })],
  ['it was never started', after({ [web]: { state: 'created' } })],
  ['the engine could not remove it', after({ [web]: { state: 'dead' } })],
  ['another is gone', after({ [web]: killed, [db]: null })],
  ['another is paused', after({ [web]: killed, [db]: { state: 'paused' } })],
  ['another is still starting', after({ [web]: killed, [db]: { health: 'starting' } })],
  ['another is unhealthy', after({ [web]: killed, [db]: { health: 'unhealthy' } })],
  ['it is not as it was applied', after({ [web]: { ...killed, fingerprint: { Name: web } } })],
  ['nobody knows how it was applied', forgetting(died, 'photos')],
  ['another version of the engine says it in other words', { ...died, engine: '20.10.24' }],
  ['a network that it is on is gone', { ...died, networks: networksOf(['bridge']) }],
  ['its image is gone', { ...died, images: new Map() }],
  ['its .env is gone', { ...died, files: { photos: { ...died.files['photos'], env: null } } } as Actual],
  ['the engine could not start it before', { ...died, stuck: { [idOf('photos')]: 1 } }],
])('leaves it to Compose where %s', (_, actual) => {
  expect(found(actual)).toBeNull()
})

it('leaves it to Compose where git says something else by now', () => {
  const edited = desired([stacklet('photos', { services: { web: {}, db: {} }, env: { MODE: 'new' } })])

  expect(found(died, edited)).toBeNull()
})
