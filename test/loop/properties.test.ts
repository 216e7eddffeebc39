import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyCase, boxOf, type Case, numbersFrom, runs } from '../support/any-case.ts'
import { everyId } from '../support/any-host.ts'
import { essence } from '../support/essence.ts'
import { excusesFor } from '../support/excuse.ts'
import { type Box, copyOf } from '../support/fake/box.ts'
import type { Shuffle } from '../support/fake/engine.ts'
import { startedPrograms, unmet, wasHere } from '../support/judge.ts'
import { untouchable, watchOrder } from '../support/promises.ts'
import { changesIn, planOn, type Ran, reconcileOn } from '../support/run.ts'
import { watchHooks } from '../support/watch-hooks.ts'

const patience = 600_000

function always(promise: (one: Case, box: Box) => Promise<void>, usual = 20): Promise<void> {
  return fc.assert(
    fc.asyncProperty(anyCase, async (one) => promise(one, await boxOf(one))),
    runs(usual),
  )
}

function run({ yes, seed }: Case, box: Box): Promise<Ran> {
  return reconcileOn(box, { yes, turns: numbersFrom(seed, 4) })
}

describe('from any host to any desired state', { timeout: patience }, () => {
  it('reaches it', () =>
    always(async (one, box) => {
      const before = copyOf(box)
      const { excused, outcome } = excusesFor(one.want, box, one.yes)

      const { report } = await run(one, box)

      expect(report?.outcome).toMatchObject({ kind: outcome })
      expect(unmet(one.want, before, box, excused)).toEqual([])
    }))

  it('is idle once it is reached: makes no change, and writes nothing but that it ran', () =>
    always(async (one, box) => {
      await run(one, box)
      const reached = { ...copyOf(box), lastRun: null, serial: 0 }

      const { calls, report } = await reconcileOn(box)

      expect(changesIn(calls)).toEqual(['records.writeLastRun'])
      expect(report?.steps).toEqual([])
      expect({ ...box, lastRun: null, serial: 0 }).toEqual(reached)
    }))

  it('starts a stacklet when what it requires is well, and stops it before', () =>
    always(async (one, box) => {
      const faults = watchOrder(one, box)

      await run(one, box)

      expect(faults).toEqual([])
    }))

  it('runs each hook when it is due, and those of the first run once', () =>
    always(async (one, box) => {
      const watched = watchHooks(one, box)

      await run(one, box)

      expect(watched.end()).toEqual([])
    }))

  it('leaves alone what is not ours', () =>
    always(async (one, box) => {
      const before = copyOf(box)
      const others = untouchable(one, before)
      const started = everyId.flatMap((id) => startedPrograms(id, before))

      await run(one, box)

      const names = others.map(({ name }) => name)
      expect(box.containers.filter(({ name }) => names.includes(name))).toEqual(others)
      expect([...before.programs].filter((name) => !started.includes(name) && !box.programs.has(name))).toEqual([])
    }))

  it('deletes no data: what leaves moves to the trash, and nothing else', () =>
    always(async (one, box) => {
      const before = copyOf(box)

      await run(one, box)

      const gone = [...before.data].filter((id) => !box.data.has(id))
      const trashed = box.trash.slice(before.trash.length).map((path) => /\.trash\/(\w+)-/.exec(path)?.[1])
      const staying = one.want.stacklets.filter(({ state }) => !['absent', 'unlisted'].includes(state))
      const strangers = gone.filter((id) => !wasHere(id, before))
      expect(trashed.sort()).toEqual(gone.sort())
      expect(staying.map(({ id }) => id).filter((id) => gone.includes(id))).toEqual([])
      expect(strangers).toEqual([])
      expect(one.want.prune === 'destroy' ? [] : gone.filter((id) => !isAbsent(one, id))).toEqual([])
    }))

  it('makes a secret once, and never another', () =>
    always(async (one, box) => {
      const before = copyOf(box)

      await run(one, box)

      expect([...box.secrets]).toEqual(expect.arrayContaining([...before.secrets]))
      expect([...box.made.values()].filter((count) => count > 1)).toEqual([])
    }))

  it('changes nothing while another run goes on, and lets go when it is done', () =>
    always(async (one, box) => {
      const { calls } = await run(one, box)

      expect(calls.unlocked).toEqual([])
      expect(box.lockedBy).toBeNull()
    }))

  it('does what is committed, whatever somebody is writing meanwhile', () =>
    always(async (one, box) => {
      const other = copyOf(box)
      other.workTree = { ...box.workTree, 'desired/desired.toml': '[reconcile]\nprune = "destroy"\n' }
      await reconcileOn(box, { yes: one.yes })

      await reconcileOn(other, { yes: one.yes })

      expect(essence(other)).toEqual(essence(box))
    }, 10))

  it('changes nothing when it only plans', () =>
    always(async (_, box) => {
      const before = copyOf(box)

      await planOn(box)

      expect({ ...box, serial: 0 }).toEqual({ ...before, serial: 0 })
    }))

  it('makes the same plan, whatever the order in which things are listed', () =>
    always(async (one, box) => {
      const shuffle = shuffledBy(one.seed)

      const plans = [await planOn(box), await planOn(box, { shuffle }), await planOn(box, { shuffle })]

      expect(plans[1]).toEqual(plans[0])
      expect(plans[2]).toEqual(plans[0])
    }))

  it('ends in the same state, whatever that order', () =>
    always(async (one, box) => {
      const other = copyOf(box)
      const shuffle = shuffledBy(one.seed)
      await reconcileOn(box, { yes: one.yes })

      await reconcileOn(other, { yes: one.yes, shuffle })

      expect(essence(other)).toEqual(essence(box))
    }))
})

function shuffledBy(seed: number): Shuffle {
  const next = numbersFrom(seed, 1000)
  return (items) =>
    items
      .map((item) => [next(), item] as const)
      .sort(([left], [right]) => left - right)
      .map(([, item]) => item)
}

function isAbsent({ want }: Case, id: string): boolean {
  return want.stacklets.some((one) => one.id === id && one.state === 'absent')
}
