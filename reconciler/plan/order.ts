import { shortReference } from '../lib/image-reference.ts'
import { inOrderOf, reachableFrom } from '../lib/topology.ts'
import type { Actual, ObservedContainer } from '../model/actual.ts'
import type { ComposeService } from '../model/compose-project.ts'
import type { Desired } from '../model/desired.ts'
import type { HookEvent } from '../model/hook.ts'
import type { StackletId, StepId } from '../model/names.ts'
import { containersOf } from './ownership.ts'
import { type ProposedStep, type Step, type StepKind, stackletOf } from './step.ts'

/** Within one stacklet, lower comes first. docs/ordering.md says the same in English. */
const stages: Readonly<Record<Exclude<StepKind, 'run-hook'>, number>> = {
  'create-network': 0,
  'write-secrets': 1,
  'write-env': 4,
  'check-route': 4,
  'pull-image': 5,
  'build-image': 5,
  'start-service': 7,
  'remove-foreign': 8,
  'remove-orphan': 8,
  'merge-networks': 9,
  unpause: 10,
  rename: 11,
  reconnect: 12,
  update: 12,
  'replace-network': 12,
  'replace-volume': 12,
  restart: 13,
  start: 13,
  replace: 13,
  'await-health': 14,
  'finish-setup': 16,
  route: 18,
  'restore-routes': 18,
  unroute: 19,
  pause: 20,
  'stop-service': 22,
  stop: 22,
  remove: 24,
  'trash-data': 25,
  'purge-data': 25,
  forget: 26,
  'hand-over': 27,
}

const hookStages: Readonly<Record<HookEvent, number>> = {
  on_configure: 2,
  on_install: 3,
  on_start: 6,
  on_install_success: 15,
  on_start_ready: 17,
  on_stop: 21,
  on_destroy: 23,
}

function stageOf(step: Step): number {
  return step.kind === 'run-hook' ? hookStages[step.hook] : stages[step.kind]
}

const fetching: readonly StepKind[] = ['pull-image', 'build-image']

/** What stops being served is on its way out already, unless it only pauses or has no more names. */
function isLeaving(step: Step): boolean {
  if (step.kind === 'unroute') return step.because !== 'declared paused' && step.because !== 'no longer declared'
  return stageOf(step) >= hookStages.on_stop
}

const routing: readonly StepKind[] = ['check-route', 'route', 'unroute']

export interface OrderedStep extends ProposedStep {
  readonly id: StepId
  readonly after: readonly StepId[]
}

/**
 * The steps in an order that works, each with what it waits for. Those who leave may require one another in a circle: then
 * one of them goes first, and waits for none that comes after it.
 */
export function inOrder(steps: readonly ProposedStep[], desired: Desired, actual: Actual): readonly OrderedStep[] {
  const named = steps.map((one) => ({ ...one, id: idOf(one.step) })).sort(byStage)
  const field = fieldOf(named, desired, actual)
  const waits = new Map(named.map((one) => [one, waitsOf(one, field)]))
  const ordered = inOrderOf(named, (one) => waits.get(one) ?? [])
  const places = new Map(ordered.map((one, place) => [one, place]))
  return ordered.map((one, place) => {
    const earlier = (waits.get(one) ?? []).filter((other) => (places.get(other) ?? place) < place)
    return { ...one, after: [...new Set(earlier.map((other) => other.id))].sort() }
  })
}

type NamedStep = ProposedStep & { readonly id: StepId }

function idOf(step: Step): StepId {
  return [step.kind, stackletOf(step) ?? '', objectOf(step)].filter((word) => word !== '').join(' ') as StepId
}

function objectOf(step: Step): string {
  switch (step.kind) {
    case 'create-network':
    case 'merge-networks':
      return step.network
    case 'pull-image':
      return shortReference(step.image)
    case 'run-hook':
      return step.hook
    case 'start-service':
    case 'stop-service':
      return step.service
    case 'rename':
    case 'reconnect':
    case 'update':
    case 'restart':
    case 'remove-orphan':
    case 'remove-foreign':
      return step.container
    case 'replace-network':
      return step.network
    case 'replace-volume':
      return step.volume
    default:
      return ''
  }
}

function byStage(one: NamedStep, other: NamedStep): number {
  const left = stackletOf(one.step) ?? ''
  const right = stackletOf(other.step) ?? ''
  if (left !== right) return left < right ? -1 : 1
  const stages = stageOf(one.step) - stageOf(other.step)
  if (stages !== 0) return stages
  return one.id < other.id ? -1 : 1
}

/** All steps of a plan, and who needs whom. */
interface Field {
  readonly all: readonly NamedStep[]
  readonly byStacklet: ReadonlyMap<StackletId | null, readonly NamedStep[]>
  readonly requires: (id: StackletId) => readonly StackletId[]
  readonly requiredBy: (id: StackletId) => readonly StackletId[]
  readonly desired: Desired
  readonly actual: Actual
}

function fieldOf(all: readonly NamedStep[], desired: Desired, actual: Actual): Field {
  const entries = Object.values(actual.ledger)
  const requires = new Map([...entries, ...desired.stacklets].map((one) => [one.id, one.requires]))
  const requiredBy = grouped([...requires].flatMap(([id, needed]) => needed.map((other) => [other, id] as const)))
  return {
    all,
    byStacklet: grouped(all.map((one) => [stackletOf(one.step), one] as const)),
    requires: (id) => requires.get(id) ?? [],
    requiredBy: (id) => requiredBy.get(id) ?? [],
    desired,
    actual,
  }
}

function grouped<Key, Value>(pairs: readonly (readonly [Key, Value])[]): ReadonlyMap<Key, readonly Value[]> {
  const groups = new Map<Key, Value[]>()
  for (const [key, value] of pairs) {
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value])
    else group.push(value)
  }
  return groups
}

/** What a step's own stacklet does before it waits for others, and the step waits for that; fetching waits for nobody. */
function waitsOf(one: NamedStep, field: Field): readonly NamedStep[] {
  // It ends this program: whatever else there is to do is done before.
  if (one.step.kind === 'hand-over') return field.all.filter((other) => other !== one)
  const own = earlierOfItsOwn(one, field)
  const isFirst = own.every(({ step }) => fetching.includes(step.kind))
  return [...own, ...(isFirst ? waitsForOthers(one, field) : []), ...proxyBefore(one, field), ...freeing(one, field)]
}

/** Nothing is proved, served or closed before the proxy is up; who goes down does not wait for one that comes. */
function proxyBefore({ step }: NamedStep, { byStacklet, desired }: Field): readonly NamedStep[] {
  const proxy = desired.front?.stacklet ?? null
  if (proxy === null || stackletOf(step) === proxy || !routing.includes(step.kind) || isLeaving(step)) return []
  return lastOf((byStacklet.get(proxy) ?? []).filter((one) => !isLeaving(one.step) && !routing.includes(one.step.kind)))
}

/** A stacklet's own steps wait for those of the stage before; earlier stages follow from that. */
function earlierOfItsOwn({ step }: NamedStep, { byStacklet }: Field): readonly NamedStep[] {
  const own = byStacklet.get(stackletOf(step)) ?? []
  return lastOf(own.filter((one) => stageOf(one.step) < stageOf(step)))
}

function lastOf(steps: readonly NamedStep[]): readonly NamedStep[] {
  const last = Math.max(...steps.map((one) => stageOf(one.step)))
  return steps.filter((one) => stageOf(one.step) === last)
}

/**
 * A stacklet begins when what it requires is healthy. Images may come meanwhile: fetching them disturbs nobody. Going is the
 * reverse: who needs something has stopped before it begins to.
 */
function waitsForOthers({ step }: NamedStep, field: Field): readonly NamedStep[] {
  const id = stackletOf(step)
  if (id === null || fetching.includes(step.kind)) return []
  const stepsOf = (one: StackletId): readonly NamedStep[] => field.byStacklet.get(one) ?? []
  if (isLeaving(step)) return nearest(id, field.requiredBy, (one) => stepsOf(one).filter(ends))
  return [
    ...stepsOfHost(field),
    ...nearest(id, field.requires, (one) => lastOf(stepsOf(one).filter(({ step: other }) => comesUp(other)))),
  ]
}

/** What a stacklet needs is well, whatever name it is served under. */
function comesUp(step: Step): boolean {
  return !isLeaving(step) && step.kind !== 'route' && step.kind !== 'unroute'
}

/** The shared network is there, and once, before anybody is put on it. */
function stepsOfHost({ byStacklet }: Field): readonly NamedStep[] {
  return (byStacklet.get(null) ?? []).filter(({ step }) => step.kind !== 'restore-routes')
}

function ends({ step }: NamedStep): boolean {
  return step.kind === 'stop' || step.kind === 'stop-service' || step.kind === 'remove'
}

/** The steps of the nearest stacklets that have some: through a link that has nothing to do the need still holds. */
function nearest(
  start: StackletId,
  next: (id: StackletId) => readonly StackletId[],
  stepsOf: (id: StackletId) => readonly NamedStep[],
): readonly NamedStep[] {
  const seen = reachableFrom([start], (id) => (id !== start && stepsOf(id).length > 0 ? [] : next(id)))
  return [...seen].filter((id) => id !== start).flatMap(stepsOf)
}

/** A port, container name or project that one stacklet gives up is free before another takes it. */
function freeing({ step }: NamedStep, { all, desired, actual }: Field): readonly NamedStep[] {
  if (step.kind !== 'start' && step.kind !== 'replace') return []
  const taker = desired.stacklets.find((one) => one.id === step.stacklet)
  const wanted = taker?.project?.services ?? []
  const project = taker?.project?.name
  return all.filter((one) => {
    const giver = stackletOf(one.step)
    if (giver === null || giver === step.stacklet || !takesAway(one)) return false
    const kept = ends(one) ? [] : (desired.stacklets.find(({ id }) => id === giver)?.project?.services ?? [])
    const given = containersOf(giver, actual).filter((container) => !isIn(kept, container))
    return given.some((container) => isIn(wanted, container) || (ends(one) && container.project === project))
  })
}

function takesAway(one: NamedStep): boolean {
  return ends(one) || one.step.kind === 'replace' || one.step.kind === 'remove-orphan'
}

/** Whether one of these services has the name of this container, or a port of it. */
function isIn(services: readonly ComposeService[], { name, ports }: ObservedContainer): boolean {
  return services.some(
    (service) =>
      service.containerName === name || service.ports.some(({ port }) => ports.some((one) => one.port === port)),
  )
}
