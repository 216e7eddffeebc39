import type { Actual } from '../../reconciler/model/actual.ts'
import type { Desired } from '../../reconciler/model/desired.ts'
import { gatePlan } from '../../reconciler/plan/gate.ts'
import { makePlan } from '../../reconciler/plan/make-plan.ts'
import { renderPlan } from '../../reconciler/plan/render.ts'

/** What `stack plan` prints: the plan after the gate, as text. */
export function planText(want: Desired, have: Actual, { yes = false } = {}): string {
  const { go } = gatePlan(makePlan(want, have), { yes }, want, have)
  return renderPlan(go).join('\n')
}

/** The order of a plan, a line a step: what waits for what. */
export function orderText(want: Desired, have: Actual): string {
  const { steps } = makePlan(want, have)
  return steps.map(({ id, after }) => (after.length === 0 ? id : `${id}  after ${after.join(', ')}`)).join('\n')
}
