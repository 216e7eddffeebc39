import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyCase, type Case, numbersFrom, runs } from '../support/any-case.ts'
import { everyId } from '../support/any-host.ts'
import { essence } from '../support/essence.ts'
import { excusesFor } from '../support/excuse.ts'
import { copyOf } from '../support/fake/box.ts'
import type { Shuffle } from '../support/fake/engine.ts'
import { startedPrograms, unmet, wasHere } from '../support/judge.ts'
import { untouchable } from '../support/promises.ts'
import { changesIn, planOn, reconcileOn } from '../support/run.ts'
import { type Story, storyOf } from '../support/story.ts'

const patience = 600_000

function always(promise: (one: Case, story: Story) => Promise<void>, usual = 20): Promise<void> {
  return fc.assert(
    fc.asyncProperty(anyCase, async (one) => promise(one, await storyOf(one))),
    runs(usual),
  )
}

describe('from any host to any desired state', { timeout: patience }, () => {
  it('reaches it', () =>
    always(async (one, { before, after, ran }) => {
      const { excused, outcome } = excusesFor(one.want, before, one.yes)

      expect(ran.report?.outcome).toMatchObject({ kind: outcome })
      expect(unmet(one.want, before, after, excused)).toEqual([])
    }))

  it('is idle once it is reached: makes no change, and writes nothing but that it ran', () =>
    always(async (_, { after }) => {
      const box = copyOf(after)

      const { calls, report } = await reconcileOn(box)

      expect(changesIn(calls)).toEqual(['records.writeLastRun'])
      expect(report?.steps).toEqual([])
      expect({ ...box, lastRun: null, serial: 0 }).toEqual({ ...after, lastRun: null, serial: 0 })
    }))

  it('starts a stacklet when what it requires is well, and stops it before', () =>
    always(async (_, { disorder }) => {
      expect(disorder).toEqual([])
    }))

  it('runs each hook when it is due, and those of the first run once', () =>
    always(async (_, { hookFaults }) => {
      expect(hookFaults).toEqual([])
    }))

  it('leaves alone what is not ours', () =>
    always(async (one, { before, after }) => {
      const others = untouchable(one, before)
      const names = others.map(({ name }) => name)
      const started = everyId.flatMap((id) => startedPrograms(id, before))
      const strangers = [...before.programs].filter((name) => !started.includes(name))

      expect(after.containers.filter(({ name }) => names.includes(name))).toEqual(others)
      expect(strangers.filter((name) => !after.programs.has(name))).toEqual([])
    }))

  it('deletes no data: what leaves moves to the trash, and nothing else', () =>
    always(async (one, { before, after }) => {
      const gone = [...before.data].filter((id) => !after.data.has(id))
      const trashed = after.trash.slice(before.trash.length).map((path) => /\.trash\/(\w+)-/.exec(path)?.[1])
      const staying = one.want.stacklets.filter(({ state }) => !['absent', 'unlisted'].includes(state))

      expect(trashed.sort()).toEqual(gone.sort())
      expect(staying.map(({ id }) => id).filter((id) => gone.includes(id))).toEqual([])
      expect(gone.filter((id) => !wasHere(id, before))).toEqual([])
      expect(one.want.prune === 'destroy' ? [] : gone.filter((id) => !isAbsent(one, id))).toEqual([])
    }))

  it('makes a secret once, and never another', () =>
    always(async (_, { before, after }) => {
      expect([...after.secrets]).toEqual(expect.arrayContaining([...before.secrets]))
      expect([...after.made.values()].filter((count) => count > 1)).toEqual([])
    }))

  it('changes nothing while another run goes on, and lets go when it is done', () =>
    always(async (_, { after, ran }) => {
      expect(ran.calls.unlocked).toEqual([])
      expect(after.lockedBy).toBeNull()
    }))

  it('does what is committed, whatever somebody is writing meanwhile', () =>
    always(async (one, { before, after }) => {
      const box = copyOf(before)
      box.workTree = { ...box.workTree, 'desired/desired.toml': '[reconcile]\nprune = "destroy"\n' }

      await reconcileOn(box, { yes: one.yes })

      expect(essence(box)).toEqual(essence(after))
    }))

  it('changes nothing when it only plans', () =>
    always(async (_, { before }) => {
      const box = copyOf(before)

      await planOn(box)

      expect({ ...box, serial: 0 }).toEqual({ ...before, serial: 0 })
    }))

  it('makes the same plan, whatever the order in which things are listed', () =>
    always(async (one, { before }) => {
      const box = copyOf(before)
      const shuffle = shuffledBy(one.seed)

      const plans = [await planOn(box), await planOn(box, { shuffle }), await planOn(box, { shuffle })]

      expect(plans[1]).toEqual(plans[0])
      expect(plans[2]).toEqual(plans[0])
    }))

  it('ends in the same state, whatever that order', () =>
    always(async (one, { before, after }) => {
      const box = copyOf(before)

      await reconcileOn(box, { yes: one.yes, shuffle: shuffledBy(one.seed) })

      expect(essence(box)).toEqual(essence(after))
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
