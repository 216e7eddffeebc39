import { describe, expect, it } from 'vitest'
import { helperName } from '../../reconciler/plan/hand-over.ts'
import { makePlan } from '../../reconciler/plan/make-plan.ts'
import { and, applied, container } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { stacklet } from '../support/intent.ts'
import { planText } from '../support/plan-text.ts'

const before = desired([stacklet('keeper'), stacklet('page')])
const edited = { services: { web: { image: 'server:2' } } }
const after = desired([stacklet('keeper', edited), stacklet('page', edited)])
const inKeeper = (host = applied(before)) => ({ ...host, self: 'id of stack-keeper-web-1' })

describe('a program that runs in a container of its own', () => {
  it('leaves it to a helper, after everything else', () => {
    expect(planText(after, inKeeper())).toMatchInlineSnapshot(`
      "page
        + pull-image server:2          missing
        ± replace                      content changed
            docker-compose.yml: fe0d9a1fcc12 → 28d02fa100f6  (commit c0ffee1)
        · await-health                 started

      keeper
        ± hand-over                    runs this program
            docker-compose.yml: fe0d9a1fcc12 → 28d02fa100f6  (commit c0ffee1)"
    `)
  })

  it('needs none for what does not end that container', () => {
    const plan = makePlan(desired([stacklet('keeper'), stacklet('page', edited)]), inKeeper())

    expect(plan.steps.map(({ id }) => id)).not.toContain('hand-over keeper')
  })

  it('leaves it to the helper that is at work already', () => {
    const helper = container(helperName('instance-1'), { isHelper: true, stacklet: 'keeper' })

    const plan = makePlan(after, and(inKeeper(), helper))

    expect(plan.steps.map(({ step }) => 'stacklet' in step && step.stacklet)).not.toContain('keeper')
    expect(plan.notes.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      'waiting: keeper, which runs this program, is being replaced by a helper',
    ])
  })

  it('is stopped by a helper, too, when it is declared so', () => {
    const plan = makePlan(desired([stacklet('keeper', { state: 'stopped' }), stacklet('page')]), inKeeper())

    expect(plan.steps.map(({ id }) => id)).toEqual(['hand-over keeper'])
  })
})
