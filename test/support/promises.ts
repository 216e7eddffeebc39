import type { Case } from './any-case.ts'
import { claims, excusesFor } from './excuse.ts'
import { type Box, copyOf, type Happening } from './fake/box.ts'
import { type FakeContainer, isUp } from './fake/container.ts'
import { whenSomethingHappens } from './fake/containers.ts'
import type { StackletIntent } from './intent.ts'
import { isOurs, isService, isWantedUp, ownOf, unmetContainers } from './judge.ts'
import { unmetEnvFile } from './values.ts'

/** Watches a run and says where it came up or went down in the wrong order. */
export function watchOrder({ want, yes }: Case, box: Box): readonly string[] {
  const before = copyOf(box)
  const { excused } = excusesFor(want, box, yes)
  const faults: string[] = []
  const find = (id: string) => want.stacklets.find((one) => one.id === id)
  const requiresOf = (id: string): readonly string[] => {
    const intent = find(id)
    return intent === undefined || intent.state === 'unlisted' || !intent.hasDirectory
      ? (before.ledger.get(id)?.requires ?? [])
      : intent.requires
  }
  const isLeaving = (id: string): boolean => {
    const state = find(id)?.state ?? 'unlisted'
    return state === 'unlisted' ? want.prune !== 'keep' : state === 'stopped' || state === 'absent'
  }
  const needs = (id: string): ReadonlySet<string> => reach(id, requiresOf)

  const comingUp = (name: string, intent: StackletIntent): readonly string[] => {
    const lacking = [...needs(intent.id)].flatMap((id) => notYet(find(id), box))
    return [...lacking, ...unmetEnvFile(intent, box)].map((why) => `${name} started, but ${why}`)
  }
  const gettingName = (name: string, intent: StackletIntent | undefined): readonly string[] =>
    intent === undefined ? [] : unmetContainers(intent, box).map((why) => `${name} got its name, but ${why}`)
  const goingDown = (name: string, stacklet: string): readonly string[] => {
    const dependents = idsOn(before).filter((id) => isLeaving(id) && needs(id).has(stacklet))
    const left = dependents.filter((id) => !excused.has(id) && ownOf(id, box).some((one) => isUp(one, box.nowMs)))
    const isServed = want.domain !== '' && !excused.has(stacklet) && box.served.get(stacklet)?.isUp === true
    const served = isServed ? [`${name} stopped while its name still led to it`] : []
    return [...served, ...left.map((id) => `${name} stopped, but ${id} requires it and is up`)]
  }

  whenSomethingHappens(box, ({ what, name, stacklet }: Happening) => {
    const intent = stacklet === null ? undefined : find(stacklet)
    if (what === 'late pull') faults.push(`${name} was pulled when containers were already on their way`)
    if (what === 'route') faults.push(...gettingName(name, intent))
    if (what === 'start' && intent !== undefined && isWantedUp(intent)) faults.push(...comingUp(name, intent))
    if (what === 'stop' && stacklet !== null && isLeaving(stacklet)) faults.push(...goingDown(name, stacklet))
  })
  return faults
}

function notYet(required: StackletIntent | undefined, box: Box): readonly string[] {
  return required === undefined || !isWantedUp(required) ? [] : unmetContainers(required, box)
}

function idsOn(box: Box): readonly string[] {
  return [...new Set(box.containers.flatMap((one) => one.labels['stack.stacklet'] ?? []))]
}

function reach(start: string, next: (id: string) => readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  const todo = [...next(start)]
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (found.has(id)) continue
    found.add(id)
    todo.push(...next(id))
  }
  return found
}

/** Containers that no run may touch: not ours, or no service's while its stacklet stays; unless a person said that they may go. */
export function untouchable({ want, yes }: Case, box: Box): Box['containers'] {
  const isClaimed = (container: FakeContainer): boolean =>
    want.stacklets.some((one) => isWantedUp(one) && claims(one, container))
  const isLeaving = (id: string | undefined): boolean => {
    const state = want.stacklets.find((one) => one.id === id)?.state ?? 'unlisted'
    return state === 'absent' || (state === 'unlisted' && want.prune === 'destroy')
  }
  return box.containers.filter((one) => {
    if (isOurs(one, box)) return !isService(one) && !isLeaving(one.labels['stack.stacklet'])
    const isNobodys = one.labels['stack.instance'] === undefined
    return !(yes && isNobodys && isClaimed(one))
  })
}
