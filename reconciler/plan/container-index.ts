import type { Actual, ObservedContainer } from '../model/actual.ts'
import type { ComposeService, PublishedPort } from '../model/compose-project.ts'

/** What is asked of all containers again and again, worked out once a look: with many stacklets anything else grows with their square. */
export interface ContainerIndex {
  readonly byStacklet: ReadonlyMap<string, readonly ObservedContainer[]>
  /** By Compose project, those that do not say whose they are. */
  readonly unlabelled: ReadonlyMap<string, readonly ObservedContainer[]>
  /** By name and by published port, whatever its address. */
  readonly byClaim: ReadonlyMap<string, readonly ObservedContainer[]>
  readonly ofOthers: readonly ObservedContainer[]
  readonly placeOf: ReadonlyMap<ObservedContainer, number>
}

type Seen = Pick<Actual, 'instance' | 'containers'>

const indexes = new WeakMap<
  readonly ObservedContainer[],
  { readonly instance: string | null; readonly index: ContainerIndex }
>()

export function indexOf({ instance, containers }: Seen): ContainerIndex {
  const known = indexes.get(containers)
  if (known !== undefined && known.instance === instance) return known.index
  const index = {
    byStacklet: grouped(containers, ({ stacklet }) => (stacklet === null ? [] : [stacklet])),
    unlabelled: grouped(containers, ({ stacklet, project }) =>
      stacklet === null && project !== null ? [project] : [],
    ),
    byClaim: grouped(containers, ({ name, ports }) => [named(name), ...ports.map(published)]),
    ofOthers: containers.filter((one) => one.instance !== null && one.instance !== instance),
    placeOf: new Map(containers.map((container, place) => [container, place])),
  }
  indexes.set(containers, { instance, index })
  return index
}

/** Containers with a name or a port that one of these services wants, in the order of the look. */
export function claimantsOf(services: readonly ComposeService[], seen: Seen): readonly ObservedContainer[] {
  const { byClaim, placeOf } = indexOf(seen)
  const wanted = services.flatMap(({ containerName, ports }) => [
    ...(containerName === null ? [] : [named(containerName)]),
    ...ports.map(published),
  ])
  const found = new Set(wanted.flatMap((claim) => byClaim.get(claim) ?? []))
  return [...found].sort((one, other) => (placeOf.get(one) ?? 0) - (placeOf.get(other) ?? 0))
}

function named(name: string): string {
  return `name ${name}`
}

function published({ port, protocol }: Pick<PublishedPort, 'port'> & { readonly protocol: string }): string {
  return `port ${port}/${protocol}`
}

function grouped(
  containers: readonly ObservedContainer[],
  keysOf: (container: ObservedContainer) => readonly string[],
): ReadonlyMap<string, readonly ObservedContainer[]> {
  const groups = new Map<string, ObservedContainer[]>()
  for (const container of containers) {
    for (const key of keysOf(container)) {
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [container])
      else group.push(container)
    }
  }
  return groups
}
