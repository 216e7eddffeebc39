import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apply } from '../../reconciler/loop/apply.ts'
import { StackError } from '../../reconciler/model/errors.ts'
import type { RunEvent } from '../../reconciler/model/event.ts'
import type { StepId } from '../../reconciler/model/names.ts'
import type { PlannedStep } from '../../reconciler/plan/step.ts'
import { numbersFrom, runs } from '../support/any-case.ts'

interface Walk {
  /** For each step, which of the earlier ones it waits for. */
  readonly after: readonly (readonly number[])[]
  readonly failing: ReadonlySet<number>
  readonly concurrency: number
  readonly seed: number
}

const anyWalk: fc.Arbitrary<Walk> = fc
  .record({
    waits: fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 }),
    failing: fc.array(fc.nat(11), { maxLength: 3 }),
    concurrency: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(),
  })
  .map(({ waits, failing, ...rest }) => {
    const after = waits.map((picks, index) => [...new Set(picks.map((pick) => pick % Math.max(index, 1)))])
    return { ...rest, failing: new Set(failing), after: after.map((all, index) => all.filter((one) => one < index)) }
  })

const idOf = (index: number): StepId => `create-network n${index}` as StepId
const indexOf = (id: string): number => Number(id.split(' n')[1])

function stepsOf({ after }: Walk): readonly PlannedStep[] {
  return after.map((waits, index) => ({
    id: idOf(index),
    step: { kind: 'create-network', network: `n${index}`, because: 'missing' },
    after: waits.map(idOf),
    changes: [],
    digest: '' as PlannedStep['digest'],
  }))
}

/** Walks the steps in a world that knows nothing but networks, and tells what went on when. */
async function walk(one: Walk, leastTurns = 0) {
  const anyTurns = numbersFrom(one.seed, 5)
  const events: RunEvent[] = []
  const done = new Set<number>()
  const early: string[] = []
  let atOnce = 0
  let most = 0
  const createNetwork = async (name: string): Promise<void> => {
    const index = indexOf(` ${name}`)
    early.push(
      ...(one.after[index] ?? []).filter((other) => !done.has(other)).map((other) => `${index} before ${other}`),
    )
    atOnce += 1
    most = Math.max(most, atOnce)
    for (let turn = leastTurns + anyTurns(); turn > 0; turn -= 1) await null
    atOnce -= 1
    if (one.failing.has(index)) throw new StackError('STACK_ENGINE_REFUSED', `no ${name}`, { hint: 'none' })
    done.add(index)
  }
  const world = { engine: { createNetwork }, clock: { nowMs: () => 0 } }
  const report = async (event: RunEvent): Promise<void> => void events.push(event)
  const never = new AbortController().signal
  const context = { world, report, signal: never, superseded: never } as unknown as Parameters<typeof apply>[2]
  const { results, error } = await apply(stepsOf(one), one.concurrency, context)
  return { results, error, events, early, most }
}

/** What cannot be done because something before it fails: worked out backwards, without walking. */
function hopeless({ after, failing }: Walk): ReadonlySet<number> {
  const found = new Set<number>()
  for (const [index, waits] of after.entries()) {
    if (waits.some((other) => failing.has(other) || found.has(other))) found.add(index)
  }
  return found
}

describe('walking a plan', () => {
  it('begins a step when all that it waits for is done', () =>
    fc.assert(
      fc.asyncProperty(anyWalk, async (one) => {
        expect((await walk(one)).early).toEqual([])
      }),
      runs(200),
    ))

  it('skips exactly what waits on a failure, however far away, and does all the rest', () =>
    fc.assert(
      fc.asyncProperty(anyWalk, async (one) => {
        const lost = hopeless(one)

        const { results, error } = await walk(one)

        const fate = (index: number) => (one.failing.has(index) ? 'failed' : 'done')
        const expected = one.after.map((_, index) => (lost.has(index) ? 'skipped' : fate(index)))
        expect(results.map(({ result }) => result)).toEqual(expected)
        expect(error === null).toBe(!expected.includes('failed'))
      }),
      runs(200),
    ))

  it('says of what it skipped which failure it waited for', () =>
    fc.assert(
      fc.asyncProperty(anyWalk, async (one) => {
        const { results } = await walk(one)

        const culprits = results.flatMap(({ waitedFor }) => (waitedFor === null ? [] : [indexOf(waitedFor)]))
        expect(culprits.filter((index) => !one.failing.has(index))).toEqual([])
      }),
      runs(100),
    ))

  it('does no more at once than it may, and that much where it can', () =>
    fc.assert(
      fc.asyncProperty(anyWalk, async (one) => {
        const { most } = await walk({ ...one, after: one.after.map(() => []) }, 20)

        expect(most).toBe(Math.min(one.concurrency, one.after.length))
      }),
      runs(100),
    ))

  it('tells of each step that began how it ended', () =>
    fc.assert(
      fc.asyncProperty(anyWalk, async (one) => {
        const { events } = await walk(one)

        const told = (kind: RunEvent['kind']) =>
          events.flatMap((event) => (event.kind === kind && 'step' in event ? [event.step] : []))
        expect([...told('step-finished'), ...told('step-failed')].sort()).toEqual([...told('step-started')].sort())
      }),
      runs(100),
    ))
})
