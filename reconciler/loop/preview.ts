import { closest } from '../lib/closest.ts'
import type { Actual } from '../model/actual.ts'
import type { Desired } from '../model/desired.ts'
import { InvalidInstance, StackError } from '../model/errors.ts'
import type { StackletId } from '../model/names.ts'
import { asCommitted } from '../plan/blocked.ts'
import { planFor, type Sight } from '../plan/plan-for.ts'
import type { Plan } from '../plan/step.ts'
import type { World } from '../ports/world.ts'
import { type DesiredFrom, errorsOfWhole, type Loaded, loadDesired } from './load-desired.ts'
import { observe } from './observe.ts'
import { resolveProjects } from './resolve-projects.ts'
import { resolveRoutes } from './resolve-routes.ts'
import { withDiffs } from './with-diffs.ts'

export interface Preview {
  readonly plan: Plan
  readonly desired: Desired
  readonly actual: Actual
}

export interface PreviewRequest {
  readonly from: DesiredFrom
  /** Only these and what they need; empty: everything. */
  readonly ids: readonly string[]
  readonly home: string
}

/** What a run would do, without doing any of it: reads only. Throws `InvalidInstance` where a run would be stalled as a whole. */
export async function preview(
  world: World,
  { from, ids, home }: PreviewRequest,
  signal: AbortSignal,
): Promise<Preview> {
  const loaded = await loadDesired(world, from, home, signal)
  const seen = await lookFor(world, loaded, ids, signal)
  const sight = from === 'work-tree' ? { ...seen, ...asCommitted(seen.desired) } : seen
  const plan = planFor(sight, { yes: false })
  return { ...sight, plan: await withDiffs(world, plan, { ...sight, loaded }, signal) }
}

/** What a plan for these is made from. Throws where a run would be stalled as a whole, and for an id that is unknown. */
export async function lookFor(
  world: World,
  loaded: Loaded,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Sight> {
  const errors = errorsOfWhole(loaded.desired)
  if (errors.length > 0) throw new InvalidInstance(errors)
  const { desired, actual } = await look(world, loaded, signal)
  return { desired, actual, only: ids.length === 0 ? null : ids.map((id) => knownId(id, desired, actual)) }
}

/** Desired with its projects, beside one look at the host. */
export async function look(
  world: World,
  loaded: Loaded,
  signal: AbortSignal,
): Promise<{ desired: Desired; actual: Actual }> {
  const { entries } = await world.ledger.read()
  const { instance } = loaded.host
  const desired = await resolveProjects(world, loaded.desired, { instance, ledger: entries }, signal)
  const actual = await observe(world, desired, instance, signal)
  return { desired: await resolveRoutes(world, desired, actual, signal), actual }
}

function knownId(id: string, desired: Desired, actual: Actual): StackletId {
  const known = [...desired.stacklets.map((one) => one.id), ...Object.values(actual.ledger).map((entry) => entry.id)]
  const found = known.find((one) => one === id)
  if (found !== undefined) return found
  const isUndeclared = desired.undeclared.some((one) => one.id === id)
  if (!isUndeclared) throw unknownStacklet(id, [...known, ...desired.undeclared.map((one) => one.id)])
  const hint = `add [stacklets.${id}] to desired/desired.toml`
  throw new StackError('STACK_UNKNOWN_STACKLET', `${id} is not declared in desired.toml`, { hint, terminal: true })
}

export function idsOf(stacklets: readonly { readonly id: StackletId }[]): readonly StackletId[] {
  return stacklets.map((one) => one.id)
}

/** `known` are those that the person may have meant. */
export function unknownStacklet(id: string, known: readonly string[]): StackError {
  const meant = closest(id, known)
  const hint = meant === null ? 'stack list shows what there is' : `did you mean ${meant}?`
  return new StackError('STACK_UNKNOWN_STACKLET', `there is no stacklet ${id}`, { hint, terminal: true })
}
