import { describe, expect, it } from 'vitest'
import type { Actual, TwinNetwork } from '../../reconciler/model/actual.ts'
import type { Desired } from '../../reconciler/model/desired.ts'
import type { Digest } from '../../reconciler/model/names.ts'
import { makePlan } from '../../reconciler/plan/make-plan.ts'
import { riskOf } from '../../reconciler/plan/step.ts'
import { and, applied, container } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { type StackletIntent, stacklet } from '../support/intent.ts'
import { orderText, planText } from '../support/plan-text.ts'

const own = 'stack-photos_default'
const [web, db] = ['stack-photos-web-1', 'stack-photos-db-1'] as const
const want = networked([stacklet('photos', { services: { web: {}, db: {} } })])

/** Each with a network of its own, and on the shared one. */
function networked(stacklets: readonly StackletIntent[], options: Parameters<typeof desired>[1] = {}): Desired {
  const all = desired(stacklets, options)
  const definition = 'd' as Digest
  const shared = { name: 'stack', external: true, definition }
  const withNetworks = all.stacklets.map((one) => {
    const networks = [{ name: `${one.project?.name}_default`, external: false, definition }, shared]
    return { ...one, project: one.project && { ...one.project, networks } }
  })
  return { ...all, stacklets: withNetworks }
}

const ids = { a: 'a'.repeat(64), b: 'b'.repeat(64), c: 'c'.repeat(64) }

/** One of several; the letter is its id and, without more, its age. */
function twin(letter: keyof typeof ids, on: readonly string[], more: Partial<TwinNetwork> = {}): TwinNetwork {
  const containers = on.map((name) => ({ id: `id of ${name}`, name }))
  const createdAtMs = letter.charCodeAt(0)
  return { id: ids[letter], name: own, createdAtMs, project: 'stack-photos', instance: null, containers, ...more }
}

const shared = (letter: keyof typeof ids, on: readonly string[], instance: string | null = 'instance-1') =>
  twin(letter, on, { name: 'stack', project: null, instance })

function withTwins(twins: readonly TwinNetwork[], have: Actual = applied(want)): Actual {
  return { ...have, twins }
}

describe('networks of one name become one', () => {
  it('the one that nobody is on goes, and nobody notices', () => {
    const have = withTwins([twin('a', []), twin('b', [web, db])])

    expect(planText(want, have)).toMatchInlineSnapshot(`
      "photos
        ~ merge-networks stack-photos_default  made twice
            network aaaaaaaaaaaa: stack-photos_default → none"
    `)
    expect(makePlan(want, have).steps.map(({ step }) => riskOf(step))).toEqual(['safe'])
    expect(makePlan(want, have).steps[0]?.step).toMatchObject({ keep: ids.b, remove: [ids.a], moves: [] })
  })

  it('that most of our containers are on, and the others are moved', () => {
    const third = { ...stacklet('photos', { services: { web: {}, db: {}, app: {} } }) }
    const wanted = networked([third])
    const have = withTwins([twin('a', [web]), twin('b', [db, 'stack-photos-app-1'])], applied(wanted))

    expect(planText(wanted, have)).toMatchInlineSnapshot(`
      "photos
        ~ merge-networks stack-photos_default  made twice
            stack-photos-web-1 Networks.stack-photos_default
              aaaaaaaaaaaa → bbbbbbbbbbbb
            network aaaaaaaaaaaa: stack-photos_default → none"
    `)
    expect(makePlan(wanted, have).steps.map(({ step }) => riskOf(step))).toEqual(['disrupts'])
  })

  it('the older where both have as many, and then the one of the smaller id, in whatever order they are listed', () => {
    const older = [twin('a', [web], { createdAtMs: 2 }), twin('b', [db], { createdAtMs: 1 })]
    const sameAge = [twin('b', [web], { createdAtMs: 1 }), twin('a', [db], { createdAtMs: 1 })]
    const kept = (twins: readonly TwinNetwork[]) => makePlan(want, withTwins(twins)).steps[0]?.step

    expect(kept(older)).toMatchObject({ keep: ids.b, moves: [{ container: web, from: ids.a }] })
    expect(kept(older.toReversed())).toEqual(kept(older))
    expect(kept(sameAge)).toMatchObject({ keep: ids.a, moves: [{ container: web, from: ids.b }] })
    expect(kept(sameAge.toReversed())).toEqual(kept(sameAge))
  })

  it('each container under the names that it had', () => {
    const base = applied(want)
    const fingerprint = { ...base.containers[0]!.fingerprint, [`Networks.${own}`]: 'db stack-photos-db-1' }
    const containers = base.containers.map((one) => (one.name === db ? { ...one, fingerprint } : one))
    const ledger = { photos: { ...base.ledger['photos']!, engine: '20.10.24' } }
    const have = withTwins([twin('a', [web]), twin('b', [db])], { ...base, containers, ledger })

    expect(makePlan(want, have).steps[0]?.step).toMatchObject({ moves: [{ endpoint: 'db stack-photos-db-1' }] })
  })

  it('all of three', () => {
    const have = withTwins([twin('a', []), twin('b', [web]), twin('c', [])])

    expect(makePlan(want, have).steps[0]?.step).toMatchObject({ keep: ids.b, remove: [ids.a, ids.c] })
  })

  it('before anything is started, and the shared one before anything at all', () => {
    const two = networked([stacklet('app', { requires: ['photos'] }), stacklet('photos')])
    const stopped = applied(two, { [web]: { state: 'exited' }, 'stack-app-web-1': { state: 'exited' } })
    const have = withTwins([shared('a', []), shared('b', [web]), twin('a', []), twin('c', [web])], stopped)

    expect(orderText(two, have)).toMatchInlineSnapshot(`
      "merge-networks stack
      merge-networks photos stack-photos_default  after merge-networks stack
      start photos  after merge-networks photos stack-photos_default
      await-health photos  after start photos
      start app  after await-health photos, merge-networks stack
      await-health app  after start app"
    `)
  })

  it('but not where drift is only told', () => {
    const told = networked([stacklet('photos', { services: { web: {}, db: {} } })], { selfHeal: false })
    const have = withTwins([twin('a', []), twin('b', [web])], applied(told))

    expect(planText(told, have)).toContain(`photos drifted: network ${own} made twice`)
    expect(makePlan(told, have).steps).toEqual([])
  })
})

describe('what is not ours stays', () => {
  const stranger = container('somebodys', { instance: null, project: 'theirs' })

  it('a network with a stranger on it is the one that is kept', () => {
    const have = and(withTwins([twin('a', ['somebodys']), twin('b', [web, db])]), stranger)

    expect(makePlan(want, have).steps[0]?.step).toMatchObject({ keep: ids.a, moves: [{}, {}], remove: [ids.b] })
  })

  it('strangers on both are a conflict that names one', () => {
    const have = withTwins([twin('a', ['somebodys', web]), twin('b', ['others', db])])

    expect(planText(want, have)).toMatchInlineSnapshot(`
      "! conflict: network stack-photos_default, which photos needs, is there more than once, and bbbbbbbbbbbb has container others, which is not ours
          docker network disconnect bbbbbbbbbbbb others"
    `)
  })

  it.each([
    ['of nobody', { project: null }],
    ['of another instance', { instance: 'instance-2' }],
  ])('a network %s under the name of ours is a conflict', (_, more) => {
    const have = withTwins([twin('a', [web, db]), twin('b', [], more)])

    expect(planText(want, have)).toContain('and bbbbbbbbbbbb is not ours to remove')
    expect(makePlan(want, have).steps).toEqual([])
  })

  it('the shared network serves whoever made it', () => {
    const have = withTwins([shared('a', [web, db]), shared('b', [], 'instance-2')])

    expect(makePlan(want, have).steps[0]?.step).toMatchObject({ stacklet: null, keep: ids.b, remove: [ids.a] })
  })

  it('two shared networks of somebody else are a conflict for who needs it', () => {
    const have = withTwins([shared('a', [web, db], null), shared('b', [], null)])

    expect(planText(want, have)).toContain('! conflict: network stack, which photos needs, is there more than once')
  })

  it('networks that no stacklet needs are nobody’s affair', () => {
    const have = withTwins([twin('a', [], { name: 'theirs' }), twin('b', [], { name: 'theirs' })])

    expect(planText(want, have)).toBe('')
  })
})
