import { describe, expect, it } from 'vitest'
import type { Actual } from '../../reconciler/model/actual.ts'
import type { Desired } from '../../reconciler/model/desired.ts'
import { agreements, planToSeal } from '../../reconciler/plan/seal.ts'
import { and, applied, container } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { stacklet } from '../support/intent.ts'

function listed(want: Desired, have: Actual): { readonly steps: readonly string[]; readonly held: readonly string[] } {
  const { steps, notes } = planToSeal({ desired: want, actual: have, only: null })
  const held = notes.filter((note) => note.kind === 'held').map((note) => note.message)
  return { steps: steps.map((one) => one.id), held }
}

describe('the plan to be sealed', () => {
  const want = desired([stacklet('core', { services: { web: { containerName: 'core' } } })])
  const have = and(applied(desired([])), container('core', { instance: null }))

  it('lists what is held otherwise, and says that it destroys data', () => {
    const plan = planToSeal({ desired: want, actual: have, only: null })

    expect(listed(want, have)).toMatchObject({ steps: expect.arrayContaining(['remove-foreign core core']), held: [] })
    expect(agreements(plan)).toMatchObject([
      { kind: 'warning', stacklet: 'core', message: expect.stringContaining('remove-foreign core core destroys') },
    ])
  })

  it.each([
    ['an emptied file', desired([])],
    [
      'too many that leave',
      desired(
        ['a', 'b'].map((id) => stacklet(id, { state: 'absent' })),
        { maxRemovals: 1 },
      ),
    ],
  ])('does not list %s: that stays held', (_, leaving) => {
    const all = applied(desired([stacklet('a'), stacklet('b')]))

    expect(listed(leaving, all)).toEqual({ steps: [], held: [expect.stringContaining('removing a, b is held')] })
  })
})
