import type { Actual } from '../model/actual.ts'
import type { Desired } from '../model/desired.ts'
import { StackError } from '../model/errors.ts'
import type { StepResult } from '../model/event.ts'
import type { StackletId } from '../model/names.ts'
import { type Consent, gatePlan } from '../plan/gate.ts'
import { type Note, type Plan, stackletOf } from '../plan/step.ts'
import { othersThan, wishedPlan } from '../plan/wished-plan.ts'
import { type Applied, apply } from './apply.ts'
import { endSurvivors } from './end-survivors.ts'
import { goBack } from './go-back.ts'
import { judgeRound } from './judge-round.ts'
import { type Look, look } from './look.ts'
import type { Outcome } from './outcome.ts'
import { type Failure, outcomeOf, outcomeOfFailure } from './outcome-of.ts'
import type { RunContext } from './run-context.ts'
import { asideAfter, nothingAside, type SetAside, withoutThose } from './set-aside.ts'

export interface Converged {
  readonly outcome: Outcome
  readonly rounds: number
  readonly steps: readonly StepResult[]
  readonly notes: readonly Note[]
  readonly desired: Desired
  /** The look that it ended with; null when there was none. */
  readonly actual: Actual | null
  /** Stacklets that were not part of this run and are not as declared. */
  readonly others: readonly StackletId[]
}

/** How a run goes from look to look. */
export interface Course {
  /** The look that it begins with, where there was one already. */
  readonly first?: Look
  /** What is to be done now, after the gate. */
  readonly next: (rounds: number, look: Look) => Plan
  readonly mostRounds: number
  /** What it means when there is more to do after the last round. */
  readonly unfinished: (plan: Plan) => Outcome
}

/** Rounds after which two rules must be undoing one another's work. */
const mostRounds = 5

/** Look, plan, gate, apply, and look again, until the plan is empty. */
export async function converge(context: RunContext, consent: Consent, signal: AbortSignal): Promise<Converged> {
  const { wish } = context
  const next = (rounds: number, { desired, actual }: Look): Plan => {
    const plan = wishedPlan(wish, rounds, desired, actual)
    return gatePlan(plan, { ...consent, named: wish.only }, desired, actual).go
  }
  const unfinished = (plan: Plan): Outcome => ({ kind: 'stalled', error: noFixedPoint(plan) })
  return follow({ next, mostRounds, unfinished }, context, signal)
}

/** Does what is next, and looks again, until nothing is or the rounds are over. */
export async function follow(course: Course, context: RunContext, signal: AbortSignal): Promise<Converged> {
  const steps: StepResult[] = []
  const fallen: StackletId[] = []
  let aside = nothingAside
  for (let rounds = 0; ; rounds += 1) {
    const { desired, actual } = (rounds === 0 && course.first) || (await look(context, signal))
    if (rounds === 0) await endSurvivors(context.world, actual)
    const go = withoutThose(course.next(rounds, { desired, actual }), aside)
    const ended = (outcome: Outcome): Converged => {
      const others = othersThan(context.wish, desired, actual)
      return { outcome, rounds, steps, notes: notesOf(go, outcome), desired, actual, others }
    }
    const over = async (failure: Failure, after: number): Promise<Converged> => {
      const back = await backFrom(fallen, context, signal)
      steps.push(...back.results)
      return { ...ended(outcomeOfFailure({ ...failure, fallen, goingBack: back.error }, context)), rounds: after }
    }
    const end = endBefore(go, rounds, steps, course)
    if (end !== null) {
      const failure = failureIn(aside)
      return failure === null ? ended(end) : over(failure, rounds)
    }
    const applied = await apply(go.steps, desired.pace.concurrency, { ...context, desired, actual, signal })
    steps.push(...applied.results)
    fallen.push(...(await judgeRound(context, { desired, actual }, applied.results)))
    const next = afterRound(applied, { aside, isLast: rounds + 1 >= course.mostRounds }, context)
    if ('isOver' in next) return over(next, rounds + 1)
    aside = next
  }
}

const nothingMore: Applied = { results: [], error: null, failures: [] }

/** Who was brought a version that is not well goes back before the run ends. */
async function backFrom(fallen: readonly StackletId[], context: RunContext, signal: AbortSignal): Promise<Applied> {
  return fallen.length > 0 && !signal.aborted ? goBack(fallen, context, signal) : nothingMore
}

/** What the next round leaves aside, or what the run fails with. */
function afterRound(
  { results, error, failures }: Applied,
  { aside, isLast }: { readonly aside: SetAside; readonly isLast: boolean },
  { stuck }: RunContext,
): SetAside | (Failure & { readonly isOver: true }) {
  if (error === null) return aside
  const next = isLast ? null : asideAfter({ results, error, failures }, stuck, aside)
  return next ?? { ...(failureIn(aside) ?? { results, error }), isOver: true }
}

function failureIn({ results, error }: SetAside): Failure | null {
  return error === null ? null : { results, error }
}

/** How a run ends without another round; null: it goes on with this plan. */
function endBefore(go: Plan, rounds: number, before: readonly StepResult[], course: Course): Outcome | null {
  if (go.steps.length === 0) return outcomeOf(go.notes)
  const relapse = relapsed(go, before)
  if (relapse !== null) return { kind: 'failed', error: relapse }
  return rounds === course.mostRounds ? course.unfinished(go) : null
}

/** What the plan says, and what the outcome adds to it. */
function notesOf({ notes }: Plan, outcome: Outcome): readonly Note[] {
  const own = outcome.kind === 'waiting' ? outcome.notes.filter((note) => !notes.includes(note)) : []
  return [...notes, ...own]
}

/** A container that was found well and is gone at the next look left by itself: starting it again would go on for ever. */
function relapsed(plan: Plan, before: readonly StepResult[]): StackError | null {
  const again = plan.steps.find(({ step }) => {
    const restarts =
      (step.kind === 'start' && step.because === 'stopped') ||
      (step.kind === 'await-health' && step.because === 'unhealthy')
    return (
      restarts &&
      before.some((one) => one.kind === 'await-health' && one.result === 'done' && one.stacklet === stackletOf(step))
    )
  })
  if (again === undefined) return null
  const id = stackletOf(again.step)
  return new StackError('STACK_UNHEALTHY', `${id} was up and left again at once`, {
    hint: `look at its logs: docker logs, or mend stacklets/${id} and commit`,
  })
}

function noFixedPoint(plan: Plan): StackError {
  const steps = plan.steps.map((one) => one.id).join(', ')
  return new StackError(
    'STACK_NO_FIXED_POINT',
    `no fixed point after ${mostRounds} rounds: ${steps} would be done again`,
    {
      hint: 'two rules disagree; report it with the output of stack plan --json',
      terminal: true,
    },
  )
}
