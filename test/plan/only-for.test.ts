import { describe, expect, it } from 'vitest'
import { gatePlan } from '../../reconciler/plan/gate.ts'
import { makePlan } from '../../reconciler/plan/make-plan.ts'
import { onlyFor } from '../../reconciler/plan/only-for.ts'
import { type Plan, stackletOf } from '../../reconciler/plan/step.ts'
import { actual, applied, idOf, networksOf } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { stacklet } from '../support/intent.ts'

const want = desired([stacklet('core'), stacklet('photos', { requires: ['core'] }), stacklet('other')])

describe('a plan for some', () => {
  it('is for them and what they require, and brings the network that they need', () => {
    const plan = onlyFor(makePlan(want, actual()), [idOf('photos')], want)

    expect(new Set(plan.steps.map((one) => stackletOf(one.step)))).toEqual(new Set([null, 'core', 'photos']))
  })

  it('is nothing where nothing is to be done for them', () => {
    const have = applied(want, { 'stack-other-web-1': null })

    expect(onlyFor(makePlan(want, { ...have, networks: networksOf([]) }), [idOf('photos')], want).steps).toEqual([])
  })

  it('waits for nobody whom it leaves out', () => {
    const services = { web: { port: 80 } }
    const moving = desired([stacklet('old', { state: 'absent', services }), stacklet('new', { services })])
    const plan = makePlan(moving, applied(desired([stacklet('old', { services })])))

    expect(unknownWaits(onlyFor(plan, [idOf('new')], moving))).toEqual([])
  })

  it('takes the notes that are theirs, and none of others', () => {
    const broken = desired([
      stacklet('core', { manifest: 'port = "x"\n' }),
      stacklet('other', { manifest: 'port = "x"\n' }),
    ])
    const plan = onlyFor(makePlan(broken, actual()), [idOf('core')], broken)

    expect(plan.notes.map((note) => note.stacklet)).toEqual(['core'])
  })
})

describe('what moves between stacklets', () => {
  const site = (id: string, port: number) => stacklet(id, { services: { web: { port } } })

  it('never waits in a circle, though two swap their ports', () => {
    const have = applied(desired([site('a', 80), site('b', 81)]))
    const { steps } = makePlan(desired([site('a', 81), site('b', 80)]), have)
    const ids = steps.map((one) => one.id)

    expect(steps.filter(({ id, after }) => after.some((other) => ids.indexOf(other) >= ids.indexOf(id)))).toEqual([])
  })

  it('is held with what it waits for', () => {
    const leaving = desired([stacklet('old', { state: 'absent', services: { web: { port: 80 } } }), site('new', 80)], {
      maxRemovals: 0,
    })
    const have = applied(desired([site('old', 80)]))

    const { go, held } = gatePlan(makePlan(leaving, have), { yes: true }, leaving, have)

    expect(held.map((one) => one.id)).toEqual(expect.arrayContaining(['remove old', 'start new', 'await-health new']))
    expect(unknownWaits(go)).toEqual([])
  })
})

/** Steps that wait for one which is not in the plan. */
function unknownWaits({ steps }: Plan): readonly string[] {
  const ids = new Set(steps.map((one) => one.id))
  return steps.filter((one) => one.after.some((id) => !ids.has(id))).map((one) => one.id)
}
