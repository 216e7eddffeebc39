import { describe, expect, it } from 'vitest'
import type { StackletId } from '../../reconciler/model/names.ts'
import { clearStanding, type Hold } from '../../reconciler/model/standing.ts'
import { type Box, commit, emptyBox } from '../support/fake/box.ts'
import { stop } from '../support/fake/containers.ts'
import { fakeWorld } from '../support/fake-world.ts'
import { host, stacklet } from '../support/intent.ts'
import { planOn, reconcileOn } from '../support/run.ts'
import { textsOf } from '../support/texts.ts'

async function running(...stacklets: readonly ReturnType<typeof stacklet>[]): Promise<Box> {
  const box = emptyBox()
  commit(box, textsOf(host(stacklets.length === 0 ? [stacklet('a')] : stacklets)))
  await reconcileOn(box)
  return box
}

function stopAll(box: Box): void {
  for (const one of box.containers) stop(box, one)
}

/** What the daemon notes when it saw somebody stop a container. */
async function hold(box: Box, parts: Partial<Hold> = {}): Promise<void> {
  const { world } = fakeWorld(box)
  const good = await world.good.read('a' as StackletId)
  const declared = good?.wanted.declared ?? ('' as Hold['declared'])
  const by = { by: 'hand', why: 'stack-a-web-1 was stopped by hand', state: 'running', declared } as const
  box.standings.set('a', {
    ...clearStanding('a' as StackletId),
    hold: { ...by, sinceMs: box.nowMs, untilMs: box.nowMs + 3_600_000, ...parts },
  })
}

const kindsOf = async (box: Box) => (await planOn(box)).notes.map(({ kind, stacklet: id }) => `${kind} ${id}`)

describe('a hold', () => {
  it('leaves the stacklet as it is, and says so in the plan', async () => {
    const box = await running()
    stopAll(box)
    await hold(box)

    const plan = await planOn(box)
    const { report } = await reconcileOn(box, { isUnattended: true })

    expect(plan.steps).toEqual([])
    expect(plan.notes.map(({ message, hint }) => `${message}: ${hint}`)).toEqual([
      'a is on hold until 2026-11-21 04:00:00Z: stack-a-web-1 was stopped by hand: end it: stack release a',
    ])
    expect(report?.outcome).toEqual({ kind: 'converged' })
  })

  it('keeps nobody else back, not even those that require it', async () => {
    const box = await running(stacklet('a'), stacklet('b', { requires: ['a'] }))
    stopAll(box)
    await hold(box)

    const { report } = await reconcileOn(box, { isUnattended: true })

    expect(report?.steps.map(({ id }) => id)).toContain('start b')
    expect(report?.steps.filter(({ stacklet: id }) => id === 'a')).toEqual([])
  })

  it('ends when its time is over', async () => {
    const box = await running()
    stopAll(box)
    await hold(box)
    box.nowMs += 3_600_000

    const { report } = await reconcileOn(box, { isUnattended: true })

    expect(report?.steps.map(({ id }) => id)).toContain('start a')
    expect(box.standings.get('a')?.hold).toBeNull()
  })

  it('by hand ends when git changes that stacklet, and not when it changes another', async () => {
    const box = await running(stacklet('a'), stacklet('b'))
    await hold(box)
    stopAll(box)
    commit(box, textsOf(host([stacklet('a'), stacklet('b', { env: { MODE: 'new' } })])))
    expect(await kindsOf(box)).toEqual(['hold a'])

    commit(box, textsOf(host([stacklet('a', { env: { MODE: 'new' } }), stacklet('b')])))

    expect(await kindsOf(box)).toEqual([])
    expect((await planOn(box)).steps.map(({ id }) => id)).toContain('replace a')
  })

  it('that was asked for keeps git out as well', async () => {
    const box = await running()
    await hold(box, { by: 'asked', why: 'moving house' })
    commit(box, textsOf(host([stacklet('a', { env: { MODE: 'new' } })])))

    const { steps, notes } = await planOn(box)

    expect(steps).toEqual([])
    expect(notes[0]?.message).toContain('moving house; git has changed it meanwhile')
  })

  it('does not keep a stacklet that is declared absent', async () => {
    const box = await running()
    await hold(box, { by: 'asked' })
    commit(box, textsOf(host([stacklet('a', { state: 'absent' })])))

    const { report } = await reconcileOn(box, { isUnattended: true })

    expect(report?.outcome).toEqual({ kind: 'converged' })
    expect(box.containers).toEqual([])
    expect(box.standings.size).toBe(0)
  })
})

describe('what does not stay as it is put', () => {
  async function heal(box: Box) {
    stopAll(box)
    return (await reconcileOn(box, { isUnattended: true })).report
  }

  it('is put right at once, then ever later, and after five times in five minutes no more', async () => {
    const box = await running()
    const startMs = box.nowMs
    const healedAfter: number[] = []
    const stalledAfter: number[] = []

    for (; box.nowMs - startMs < 60_000 && stalledAfter.length === 0; box.nowMs += 500) {
      const passed = Math.floor((box.nowMs - startMs) / 1000)
      const report = await heal(box)
      if (report?.steps.some(({ id }) => id === 'start a')) healedAfter.push(passed)
      if (report?.outcome.kind === 'stalled') stalledAfter.push(passed)
    }

    expect(healedAfter).toEqual([0, 1, 3, 7, 16])
    expect(stalledAfter).toEqual([17])
    expect(box.standings.get('a')?.flapping?.what).toBe('stack-a-web-1 stopped')
  })

  it('is left alone until git changes it, a person asks for it, or the nightly run comes', async () => {
    const box = await running()
    const flapping = { what: 'stack-a-web-1 stopped', sinceMs: box.nowMs }
    const { world } = fakeWorld(box)
    const declared = (await world.good.read('a' as StackletId))?.wanted.declared ?? ('' as Hold['declared'])
    const standing = { ...clearStanding('a' as StackletId), flapping: { ...flapping, declared } }
    const ways = {
      nobody: () => reconcileOn(box, { isUnattended: true }),
      'a person': () => reconcileOn(box),
      'the night': () => reconcileOn(box, { isUnattended: true, isSecondChance: true }),
    }

    const outcomes: string[] = []
    for (const [who, way] of Object.entries(ways)) {
      stopAll(box)
      box.nowMs += 86_400_000
      box.standings.set('a', standing)
      outcomes.push(`${who}: ${(await way()).report?.outcome.kind}`)
    }

    expect(outcomes).toEqual(['nobody: stalled', 'a person: converged', 'the night: converged'])
  })

  it('may be put right by a person as often as they like', async () => {
    const box = await running()
    for (let time = 0; time < 12; time += 1) {
      stopAll(box)
      expect((await reconcileOn(box)).report?.outcome).toEqual({ kind: 'converged' })
    }
    expect(box.standings.size).toBe(0)
  })
})
