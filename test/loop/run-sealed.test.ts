import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RunReport } from '../../reconciler/loop/outcome.ts'
import { runSealed } from '../../reconciler/loop/run-sealed.ts'
import { type SealedPreview, sealPlan } from '../../reconciler/loop/seal-plan.ts'
import { StackError } from '../../reconciler/model/errors.ts'
import { anyCase, boxOf, runs } from '../support/any-case.ts'
import { everyId } from '../support/any-host.ts'
import { type Box, copyOf } from '../support/fake/box.ts'
import { fakeWorld } from '../support/fake-world.ts'
import { anyMishap, letHappen } from '../support/mishaps.ts'
import { changesIn } from '../support/run.ts'

const patience = 600_000
const home = '/home/ada'
const quietly = { isInteractive: true, waitMs: 0, home, file: 'plan.json', watch() {}, onWait() {} } as const
const { signal } = new AbortController()

describe('a sealed plan', { timeout: patience }, () => {
  it('is done step by step, whatever it is', () =>
    fc.assert(
      fc.asyncProperty(anyCase, async (one) => {
        const box = await boxOf(one)
        const { plan, text } = await sealed(box)

        const { report } = await executed(text, box)

        expect(report?.steps.map(({ id }) => id)).toEqual(plan.steps.map(({ id }) => id))
        expect(report?.rounds).toBeLessThanOrEqual(1)
      }),
      runs(20),
    ))

  it('is done so or not at all, whatever happens meanwhile', () =>
    fc.assert(
      fc.asyncProperty(anyCase, fc.array(anyMishap, { minLength: 1, maxLength: 3 }), async (one, meanwhile) => {
        const box = await boxOf(one)
        const { plan, text } = await sealed(box)
        for (const mishap of meanwhile) letHappen(box, everyId, mishap)
        const before = copyOf(box)

        const { report, thrown, changes } = await executed(text, box)

        if (report === null) {
          expect(thrown).toMatchObject({ code: expect.stringMatching(/^STACK_(STALE|INVALID)$/) })
          expect(changes).toEqual([])
          expect(lasting(box)).toEqual(lasting(before))
        } else expect(report.steps.map(({ id }) => id)).toEqual(plan.steps.map(({ id }) => id))
      }),
      runs(20),
    ))
})

/** Without what passes by itself. */
function lasting({ serial: _, nowMs, lockedBy, ...rest }: Box): unknown {
  return rest
}

async function sealed(box: Box): Promise<SealedPreview> {
  const ref = box.commits.at(-1)?.revision ?? ''
  return sealPlan(fakeWorld(box).world, { ids: [], ref, home }, signal)
}

interface Executed {
  readonly report: RunReport | null
  readonly thrown: StackError | null
  readonly changes: readonly string[]
}

async function executed(text: string, box: Box): Promise<Executed> {
  const { world, calls } = fakeWorld(box)
  try {
    return { report: await runSealed(world, { ...quietly, text }, signal), thrown: null, changes: changesIn(calls) }
  } catch (thrown) {
    if (!(thrown instanceof StackError)) throw thrown
    return { report: null, thrown, changes: changesIn(calls) }
  }
}
