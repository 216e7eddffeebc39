import type { Box } from './fake/box.ts'
import { type FakeContainer, isUp } from './fake/container.ts'
import { type HostIntent, projectNameOf, type ServiceIntent, type StackletIntent } from './intent.ts'
import { isOurs, isService, isWantedUp } from './judge.ts'

export interface Excuses {
  /** Stacklets that may not be reached, because somebody else has what they need, and those that stand behind them. */
  readonly excused: ReadonlySet<string>
  /** How a run has to end. */
  readonly outcome: 'converged' | 'held' | 'stalled'
}

/** Who may stay as they are, and why: worked out from the containers on the host, before anything is done. */
export function excusesFor(intent: HostIntent, box: Box, yes: boolean): Excuses {
  const others = box.containers.filter((one) => isService(one) && !isOurs(one, box))
  const isNeighbours = (one: FakeContainer) => one.labels['stack.instance'] !== undefined
  const kept = ownOfThoseWhoStay(intent, box)
  const wanted = intent.stacklets.filter(isWantedUp)
  const conflicting = wanted.filter(
    (one) =>
      others.some((other) => isNeighbours(other) && claims(one, other)) || kept.some((other) => isInTheWay(one, other)),
  )
  const blocked = withThoseBehind(conflicting, intent, box)
  const strangers = yes ? [] : others.filter((one) => !isNeighbours(one))
  const held = wanted.filter((one) => !blocked.has(one.id) && strangers.some((other) => claims(one, other)))
  const stuck = intent.stacklets.filter((one) => blocked.has(one.id) || held.includes(one))
  const calm = held.length > 0 ? 'held' : 'converged'
  return { excused: withThoseBehind(stuck, intent, box), outcome: blocked.size > 0 ? 'stalled' : calm }
}

/** Containers of ours that stay where they are, because their stacklet is stopped, or not listed and not destroyed. */
function ownOfThoseWhoStay({ stacklets, prune }: HostIntent, box: Box): readonly FakeContainer[] {
  return box.containers.filter(isOurOwn(box)).flatMap((one) => {
    const state = stacklets.find((other) => other.id === one.labels['stack.stacklet'])?.state ?? 'unlisted'
    if (state === 'stopped' || (state === 'unlisted' && prune === 'down')) return [{ ...one, port: null }]
    return state === 'unlisted' && prune === 'keep' ? [withPortWhenUp(one, box)] : []
  })
}

/** These, everything that requires them however far away, and whoever needs what they have and keep. */
function withThoseBehind(first: readonly StackletIntent[], intent: HostIntent, box: Box): ReadonlySet<string> {
  const found = new Set(first.map((one) => one.id))
  for (let before = -1; before !== found.size; ) {
    before = found.size
    const theirs = box.containers.filter((one) => found.has(one.labels['stack.stacklet'] ?? '')).filter(isOurOwn(box))
    const kept = theirs.map((one) => withPortWhenUp(one, box))
    for (const one of intent.stacklets) {
      const isBehind = one.state !== 'absent' && neededBy(one, intent).some((id) => found.has(id))
      if (isBehind || (isWantedUp(one) && kept.some((other) => isInTheWay(one, other)))) found.add(one.id)
    }
  }
  return found
}

/** What it requires, and what that requires where it is absent: a need holds through what has nothing to do. */
function neededBy({ requires }: StackletIntent, intent: HostIntent): readonly string[] {
  return requires.flatMap((id) => {
    const required = intent.stacklets.find((one) => one.id === id)
    return required?.state === 'absent' ? [id, ...neededBy(required, intent)] : [id]
  })
}

function isOurOwn(box: Box): (one: FakeContainer) => boolean {
  return (one) => one.labels['stack.instance'] === box.instance
}

function withPortWhenUp(one: FakeContainer, box: Box): FakeContainer {
  return isUp(one, box.nowMs) ? one : { ...one, port: null }
}

export function claims(intent: StackletIntent, { project, name }: FakeContainer): boolean {
  if (servicesOf(intent).length === 0) return false
  return project === projectNameOf(intent) || servicesOf(intent).some((service) => service.containerName === name)
}

function isInTheWay(intent: StackletIntent, { name, port, labels }: FakeContainer): boolean {
  if (labels['stack.stacklet'] === intent.id) return false
  return servicesOf(intent).some(
    (service) => service.containerName === name || (port !== null && service.port === port),
  )
}

function servicesOf({ services }: StackletIntent): readonly ServiceIntent[] {
  return Object.values(services)
}
