import type { Actual, ObservedContainer, TwinNetwork } from '../model/actual.ts'
import { isOurs } from './ownership.ts'

/** Several networks of one name made into one: two Compose programs at once, on an engine that allows it, leave them behind. */
export interface Merge {
  readonly network: string
  /** The id of the one that stays. */
  readonly keep: string
  /** The ids of those that go. */
  readonly remove: readonly string[]
  readonly moves: readonly Move[]
}

/** A container that goes from one network to the one that stays, under the names that it has there. */
export interface Move {
  readonly container: string
  readonly containerId: string
  readonly from: string
  readonly endpoint: string
}

/** Why networks of one name cannot be made into one by us. */
export interface Deadlock {
  readonly network: string
  /** A container that is not ours on one that would have to go; null: the network itself is somebody else's. */
  readonly stranger: string | null
  readonly id: string
}

/** Whose the networks of a name may be. */
export interface Owner {
  readonly owns: (twin: TwinNetwork) => boolean
  /** Whether one that somebody else made serves as well. */
  readonly mayBeForeign: boolean
}

/**
 * What makes the networks of this name one; null where they are one. What somebody else made or is on stays: two of those are a
 * deadlock. Else the one that most of our containers are on stays, so that fewest are moved.
 */
export function mergeOf(network: string, owner: Owner, actual: Actual): Merge | Deadlock | null {
  const twins = ranked(actual.twins.filter((one) => one.name === network))
  if (twins.length < 2) return null
  const fixed = twins.filter((one) => !owner.owns(one) || strangerOn(one, actual) !== null)
  const deadlock = fixed.length > 1 ? fixed.at(-1) : fixed.find((one) => !owner.mayBeForeign && !owner.owns(one))
  if (deadlock !== undefined) return { network, stranger: strangerOn(deadlock, actual), id: deadlock.id }
  const keep = fixed[0] ?? twins[0]
  if (keep === undefined) return null
  const others = twins.filter((one) => one !== keep)
  return {
    network,
    keep: keep.id,
    remove: others.map(({ id }) => id),
    moves: others.flatMap((twin) => movesFrom(twin, actual)),
  }
}

export function isMerge(found: Merge | Deadlock | null): found is Merge {
  return found !== null && 'keep' in found
}

export function isDeadlock(found: Merge | Deadlock | null): found is Deadlock {
  return found !== null && !('keep' in found)
}

/** Most containers, then oldest, then id. */
function ranked(twins: readonly TwinNetwork[]): readonly TwinNetwork[] {
  return [...twins].sort(
    (one, other) =>
      other.containers.length - one.containers.length ||
      one.createdAtMs - other.createdAtMs ||
      (one.id < other.id ? -1 : 1),
  )
}

/** The name of a container on it that is not ours. */
function strangerOn({ containers }: TwinNetwork, actual: Actual): string | null {
  const strangers = containers.filter(({ id }) => {
    const known = seenAs(id, actual)
    return known === undefined || !isOurs(known, actual)
  })
  return strangers.map(({ name }) => name).sort()[0] ?? null
}

function movesFrom({ id: from, name, containers }: TwinNetwork, actual: Actual): readonly Move[] {
  const moves = containers.map(({ id, name: container }) => {
    const endpoint = seenAs(id, actual)?.fingerprint[`Networks.${name}`] ?? 'attached'
    return { container, containerId: id, from, endpoint }
  })
  return moves.sort((one, other) => (one.container < other.container ? -1 : 1))
}

function seenAs(id: string, { containers }: Actual): ObservedContainer | undefined {
  return containers.find((one) => one.id === id)
}
