import { readSealedPlan } from '../definitions/sealed-plan-text.ts'
import { InvalidInstance, StackError } from '../model/errors.ts'
import type { SealedPlan } from '../model/sealed-plan.ts'
import { planFor, type Sight } from '../plan/plan-for.ts'
import { planToSeal, sealedInstance } from '../plan/seal.ts'
import type { Plan } from '../plan/step.ts'
import { whatMoved } from '../plan/what-moved.ts'
import { noWish } from '../plan/wish.ts'
import { othersThan } from '../plan/wished-plan.ts'
import type { HostFacts } from '../ports/host.ts'
import type { Held } from '../ports/host-lock.ts'
import type { World } from '../ports/world.ts'
import { type Course, follow } from './converge.ts'
import { errorsOfWhole, loadDesired } from './load-desired.ts'
import type { Outcome, RunReport } from './outcome.ts'
import { look } from './preview.ts'
import { notCommitted, type RunRequest, runLoaded, type Work } from './reconcile.ts'

export interface SealedRunRequest extends Omit<RunRequest, 'trigger' | 'wish' | 'yes'> {
  /** What the file holds. */
  readonly text: string
  /** What a person calls it. */
  readonly file: string
}

/**
 * Executes a sealed plan: its steps, each once, in one round, and looks whether that was all. Throws `STACK_STALE`, with nothing
 * changed, where anything is not as it was when the plan was made.
 */
export async function runSealed(world: World, request: SealedRunRequest, signal: AbortSignal): Promise<RunReport> {
  const sealed = readSealedPlan(request.text, request.file)
  const held = await world.lock.take({ waitMs: request.waitMs, onWait: request.onWait }, signal)
  try {
    return await runLocked(world, held, sealed, request, signal)
  } finally {
    await held.release()
  }
}

async function runLocked(
  world: World,
  held: Held,
  sealed: SealedPlan,
  request: SealedRunRequest,
  signal: AbortSignal,
): Promise<RunReport> {
  const loaded = await loadDesired(world, 'head', request.home, signal)
  mustBeOurs(sealed, loaded.host, request.file)
  const { revision } = loaded.desired
  if (revision === null) throw notCommitted()
  const errors = errorsOfWhole(loaded.desired)
  if (revision === sealed.revision && errors.length > 0) throw new InvalidInstance(errors)
  const sight = { ...(await look(world, loaded, signal)), only: sealed.only }
  const moved = whatMoved(sealed, sight.desired, sight.actual)
  if (moved.length > 0) throw stale(moved, sealed)
  const wish = { ...noWish, only: sealed.only }
  const trigger = `stack up --plan ${request.file}`
  return runLoaded(world, held, loaded, { ...request, trigger, wish, yes: false, work: workFor(sight) }, signal)
}

/** A first run has its instance id only now. */
function workFor(sight: Sight): Work {
  const { only, desired } = sight
  const steps = planToSeal(sight)
  return async (context, signal) => {
    const course: Course = {
      first: { desired, actual: { ...sight.actual, instance: context.instance } },
      next: (rounds, seen) => (rounds === 0 ? steps : planFor({ ...seen, only }, { yes: false })),
      mostRounds: 1,
      unfinished,
    }
    const ended = await follow(course, { ...context, wish: noWish }, signal)
    const others = ended.actual === null ? [] : othersThan(context.wish, ended.desired, ended.actual)
    return { ...ended, others }
  }
}

function unfinished({ steps }: Plan): Outcome {
  const message = `the plan was executed, and there is more to do now: ${steps.map(({ id }) => id).join(', ')}`
  const note = { kind: 'waiting', stacklet: null, message, hint: 'look at it with stack plan', digest: null } as const
  return { kind: 'waiting', notes: [note] }
}

function mustBeOurs({ host, instance }: SealedPlan, facts: HostFacts, file: string): void {
  const isOther = instance !== null && instance !== sealedInstance(facts.instance)
  if (host === facts.name && !isOther) return
  const whose = host === facts.name ? 'another instance' : `the host ${host}, and this is ${facts.name}`
  throw new StackError('STACK_PLAN_INVALID', `${file} was sealed for ${whose}`, {
    hint: 'execute it where it was sealed, or seal one here: stack plan --out FILE',
    terminal: true,
  })
}

/** How many things that moved are named; one is enough to know that a look is needed. */
const named = 5

function stale(moved: readonly string[], { only }: SealedPlan): StackError {
  const rest = moved.length - named
  const words = [...moved.slice(0, named), ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
  return new StackError('STACK_STALE', `stale: ${words} moved since the plan was sealed`, {
    hint: `nothing was changed; look again: ${['stack plan', ...(only ?? []), '--out FILE'].join(' ')}`,
    terminal: true,
  })
}
