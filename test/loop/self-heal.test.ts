import { expect, it } from 'vitest'
import type { DesiredState } from '../../reconciler/model/desired.ts'
import { type Box, commit, emptyBox } from '../support/fake/box.ts'
import { stop } from '../support/fake/containers.ts'
import { host, stacklet } from '../support/intent.ts'
import { reconcileOn } from '../support/run.ts'
import { textsOf } from '../support/texts.ts'

/** Git says this, and a run that must not heal hears it. */
async function declare(box: Box, state: DesiredState): Promise<readonly string[]> {
  commit(box, textsOf(host([stacklet('photos', { state })], { selfHeal: false })))
  const { report } = await reconcileOn(box)
  return report?.steps.map((step) => `${step.kind} ${step.result}`) ?? []
}

it.each([
  ['stopped', ['stop done'], ['start done', 'await-health done']],
  ['paused', ['pause done'], ['unpause done', 'await-health done']],
] as const)('what git takes from %s to running is no drift', async (state, there, back) => {
  const box = emptyBox()
  await declare(box, 'running')

  expect(await declare(box, state)).toEqual(there)
  expect(await declare(box, 'running')).toEqual(back)
  expect(await declare(box, 'running')).toEqual([])
})

it('what somebody stopped by hand is', async () => {
  const box = emptyBox()
  await declare(box, 'running')
  for (const one of box.containers) stop(box, one, 137)

  expect(await declare(box, 'running')).toEqual([])
})
