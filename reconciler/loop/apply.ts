import { StackError } from '../model/errors.ts'
import type { RunEvent, StepMoment, StepResult } from '../model/event.ts'
import type { StepId } from '../model/names.ts'
import { type PlannedStep, stackletOf } from '../plan/step.ts'
import { handle } from './handlers/handlers.ts'
import { asStackError, reportError } from './report-error.ts'
import type { StepContext } from './run-context.ts'
import { superseded } from './superseded.ts'

export interface Applied {
  readonly results: readonly StepResult[]
  /** The first failure, null when everything was done. */
  readonly error: StackError | null
  /** All failures, those outside of a step too. */
  readonly failures: readonly StackError[]
}

type Context = Omit<StepContext, 'say'>

/**
 * Walks the steps as their `after` allows, at most `concurrency` at a time. What waits on a failure is skipped and says on
 * what; the rest goes on. Carries no decision of its own.
 */
export async function apply(steps: readonly PlannedStep[], concurrency: number, context: Context): Promise<Applied> {
  const walk: Walk = {
    open: new Map(steps.map((step) => [step.id, step])),
    running: new Map(),
    results: new Map(),
    failures: [],
  }
  for (;;) {
    // Nothing is awaited between looking at the walk and acting on it: a step may end meanwhile.
    const lost = whatCannotBe(walk)
    if (lost !== null) {
      await skip(lost, walk, context)
      continue
    }
    for (const step of nextSteps(walk, concurrency, [context.signal, context.superseded])) begin(step, walk, context)
    if (walk.running.size === 0) break
    await Promise.race(walk.running.values())
  }
  const error = context.signal.aborted ? cancelled() : (walk.failures[0] ?? cutShort(walk))
  const results = steps.map((step) => walk.results.get(step.id)).filter((result) => result !== undefined)
  return { results, error, failures: walk.failures }
}

/** Where a walk stands. A step moves from open to running to results, or from open to results when it is skipped. */
interface Walk {
  readonly open: Map<StepId, PlannedStep>
  readonly running: Map<StepId, Promise<void>>
  readonly results: Map<StepId, StepResult>
  readonly failures: StackError[]
}

interface Lost {
  readonly step: PlannedStep
  readonly waitedFor: StepId
}

/** The first open step that waits for one which was not done. */
function whatCannotBe({ open, results }: Walk): Lost | null {
  for (const step of open.values()) {
    const culprit = step.after.find((id) => results.has(id) && results.get(id)?.result !== 'done')
    if (culprit !== undefined) return { step, waitedFor: (results.get(culprit)?.waitedFor ?? culprit) as StepId }
  }
  return null
}

async function skip({ step, waitedFor }: Lost, { open, results, failures }: Walk, context: Context): Promise<void> {
  open.delete(step.id)
  results.set(step.id, resultOf(step, 'skipped', { waitedFor }))
  await tellIfPossible({ kind: 'step-skipped', ...momentOf(step), waitedFor }, context, failures)
}

function nextSteps(
  { open, running, results }: Walk,
  concurrency: number,
  signals: readonly AbortSignal[],
): readonly PlannedStep[] {
  if (signals.some(({ aborted }) => aborted)) return []
  const isPending = (id: StepId): boolean => open.has(id) || running.has(id)
  const isReady = (step: PlannedStep): boolean =>
    step.after.every((id) => (results.has(id) ? results.get(id)?.result === 'done' : !isPending(id)))
  return [...open.values()].filter(isReady).slice(0, Math.max(0, concurrency - running.size))
}

function begin(step: PlannedStep, walk: Walk, context: Context): void {
  walk.open.delete(step.id)
  const done = perform(step, context, walk.failures).then((result) => {
    walk.results.set(step.id, result)
    walk.running.delete(step.id)
  })
  walk.running.set(step.id, done)
}

async function perform(planned: PlannedStep, context: Context, failures: StackError[]): Promise<StepResult> {
  const { world } = context
  const moment = momentOf(planned)
  const tell = (happening: Happening): Promise<void> => tellIfPossible(happening, context, failures)
  const said: string[] = []
  const say = (line: string): void => {
    said.push(line)
    void tell({ kind: 'step-progress', ...moment, line })
  }
  const beganMs = world.clock.nowMs()
  try {
    await context.report(event(context, { kind: 'step-started', ...moment, ...toldBefore(planned) }))
    await handle(planned.step, { ...context, say })
    const ms = world.clock.nowMs() - beganMs
    await context.report(event(context, { kind: 'step-finished', ...moment, ms, ...toldAfter(said) }))
    return resultOf(planned, 'done', { ms })
  } catch (thrown) {
    const failure = asStackError(thrown)
    failures.push(failure)
    const ms = world.clock.nowMs() - beganMs
    await tell({ kind: 'step-failed', ...moment, ms, error: reportError(failure) })
    return resultOf(planned, 'failed', { ms, error: reportError(failure) })
  }
}

/** What cannot be journalled fails the run, but does not leave it: other steps are under way, and the lock is theirs. */
async function tellIfPossible(happening: Happening, context: Context, failures: StackError[]): Promise<void> {
  try {
    await context.report(event(context, happening))
  } catch (thrown) {
    failures.push(asStackError(thrown))
  }
}

/** What history needs of a step: what made it necessary, and what it said last. Most have nothing of that. */
function toldBefore({ changes }: PlannedStep): { readonly changes?: readonly string[] } {
  return changes.length === 0 ? {} : { changes: changes.slice(0, 20).map(({ field, cause }) => `${field}: ${cause}`) }
}

function toldAfter(said: readonly string[]): { readonly output?: readonly string[] } {
  return said.length === 0 ? {} : { output: said.slice(-5) }
}

function momentOf({ id, step }: PlannedStep): StepMoment {
  return { step: id, stacklet: stackletOf(step), because: step.because }
}

function resultOf(
  { id, step }: PlannedStep,
  result: StepResult['result'],
  more: Partial<Pick<StepResult, 'ms' | 'error' | 'waitedFor'>>,
): StepResult {
  const known = { id, kind: step.kind, stacklet: stackletOf(step), because: step.because, result }
  return { ...known, ms: more.ms ?? 0, error: more.error ?? null, waitedFor: more.waitedFor ?? null }
}

type Happening = RunEvent extends infer Event ? (Event extends RunEvent ? Omit<Event, 'run' | 'at'> : never) : never

/** Gives what happened its run and time. */
export function event(context: Pick<Context, 'run' | 'world'>, happening: Happening): RunEvent {
  return { ...happening, run: context.run, at: new Date(context.world.clock.nowMs()).toISOString() } as RunEvent
}

/** Steps that were never begun: only a newer commit leaves some. */
function cutShort({ open }: Walk): StackError | null {
  return open.size === 0 ? null : superseded('the run')
}

function cancelled(): StackError {
  return new StackError('STACK_CANCELLED', 'the run was cancelled', {
    hint: 'run stack reconcile again: it goes on where this one ended',
  })
}
