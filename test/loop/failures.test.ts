import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../support/any-case.ts'
import { type Box, commit, copyOf, emptyBox } from '../support/fake/box.ts'
import { type HostIntent, host, type StackletIntent, stacklet } from '../support/intent.ts'
import { ownOf, same, unmetStacklet } from '../support/judge.ts'
import { type Ran, reconcileOn } from '../support/run.ts'
import { textsOf } from '../support/texts.ts'

const patience = 600_000
const ids = ['a', 'b', 'c', 'd', 'e']

/** Ways to fail: before a container is made, while it is made, and after. */
const failing: Readonly<Record<string, (id: string, requires: readonly string[]) => StackletIntent>> = {
  'its image is not there': (id, requires) => stacklet(id, { requires, services: { web: { image: 'nowhere:1' } } }),
  'its program leaves': (id, requires) =>
    stacklet(id, { requires, services: { web: { image: 'crasher:1', restart: 'no' } } }),
  'its program is restarted again and again': (id, requires) =>
    stacklet(id, { requires, services: { web: { image: 'crasher:1' } } }),
  'its health check fails': (id, requires) =>
    stacklet(id, { requires, services: { web: { image: 'sick:1', hasHealthcheck: true } } }),
  'nobody answers at its address': (id, requires) =>
    stacklet(id, { requires, isProbed: true, services: { web: { image: 'mute:1' } } }),
  'its hook fails before the start': (id, requires) =>
    stacklet(id, { requires, env: { MODE: 'new' }, files: { 'hooks/on_start.sh': 'fail' } }),
  'its hook fails after the start': (id, requires) =>
    stacklet(id, { requires, env: { MODE: 'new' }, files: { 'hooks/on_start_ready.sh': 'fail' } }),
}

interface Case {
  readonly want: HostIntent
  readonly failing: ReadonlySet<string>
  /** Whether all of them ran before, without anything wrong. */
  readonly ranBefore: boolean
}

const anyCase: fc.Arbitrary<Case> = fc
  .record({
    requires: fc.tuple(...ids.map((_, index) => fc.subarray(ids.slice(0, index)))),
    faults: fc.tuple(...ids.map(() => fc.constantFrom(null, null, null, ...Object.keys(failing)))),
    concurrency: fc.constantFrom(1, 4),
    ranBefore: fc.boolean(),
  })
  .map(({ requires, faults, concurrency, ranBefore }) => {
    const stacklets = ids.map((id, index) => {
      const make = failing[faults[index] ?? '']
      const needed = requires[index] ?? []
      return make === undefined ? stacklet(id, { requires: needed, env: { MODE: 'new' } }) : make(id, needed)
    })
    const broken = ids.filter((_, index) => faults[index] !== null)
    return { want: host(stacklets, { concurrency, onFailure: 'keep' }), failing: new Set(broken), ranBefore }
  })

async function boxOf({ want, ranBefore }: Case): Promise<Box> {
  const box = emptyBox()
  if (ranBefore) {
    commit(box, textsOf(host(want.stacklets.map(({ id, requires }) => stacklet(id, { requires })))))
    await reconcileOn(box)
  }
  commit(box, textsOf(want))
  return box
}

/** Everything that needs something that fails, however far away. */
function behind({ want, failing: broken }: Case): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { id, requires } of want.stacklets) {
    if (requires.some((other) => broken.has(other) || found.has(other))) found.add(id)
  }
  return found
}

/** Stacklets of which a step failed. */
function failedIn({ report }: Ran): readonly (string | null)[] {
  const failed = (report?.steps ?? []).filter(({ result }) => result === 'failed')
  return [...new Set(failed.map((step) => step.stacklet))].sort()
}

describe('a stacklet that fails and is kept as it is', { timeout: patience }, () => {
  it('keeps back those that require it and nobody else, and what they run keeps running', () =>
    fc.assert(
      fc.asyncProperty(anyCase, async (one) => {
        const box = await boxOf(one)
        const before = copyOf(box)
        const kept = behind(one)

        const { report } = await reconcileOn(box)

        const others = one.want.stacklets.filter(({ id }) => !kept.has(id) && !one.failing.has(id))
        const disturbed = [...kept].filter((id) => !same(ownOf(id, before), ownOf(id, box)))
        expect(report?.outcome.kind).toBe(one.failing.size > 0 ? 'failed' : 'converged')
        expect(others.flatMap((other) => unmetStacklet(other, box))).toEqual([])
        expect(disturbed).toEqual([])
        if (one.failing.size > 0) expect(box.memory).toEqual(before.memory)
      }),
      runs(20),
    ))

  it('is not believed by the next run, which fails as well', () =>
    fc.assert(
      fc.asyncProperty(anyCase, async (one) => {
        const box = await boxOf(one)
        const first = await reconcileOn(box)

        const next = await reconcileOn(box)

        expect(next.report?.outcome.kind).toBe(first.report?.outcome.kind)
        expect(failedIn(next)).toEqual(failedIn(first))
      }),
      runs(15),
    ))

  it('is reached by a commit that mends it, and so are those behind it', () =>
    fc.assert(
      fc.asyncProperty(anyCase, async (one) => {
        const box = await boxOf(one)
        await reconcileOn(box)
        const mended = host(one.want.stacklets.map(({ id, requires }) => stacklet(id, { requires })))
        commit(box, textsOf(mended))

        const { report } = await reconcileOn(box)

        expect(report?.outcome).toEqual({ kind: 'converged' })
        expect(mended.stacklets.flatMap((intent) => unmetStacklet(intent, box))).toEqual([])
      }),
      runs(10),
    ))
})
