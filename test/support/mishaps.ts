import fc from 'fast-check'
import type { Digest, StackletId } from '../../reconciler/model/names.ts'
import type { Box } from './fake/box.ts'
import { type FakeContainer, fingerprintOf, isUp } from './fake/container.ts'
import { type ContainerSpec, create, start } from './fake/containers.ts'
import { pathOf } from './fake/storage.ts'
import { ownOf } from './judge.ts'

/** Something that happened to a host while nobody looked. `pick` chooses what it happened to, where there is a choice. */
export interface Mishap {
  readonly kind: keyof typeof mishaps
  readonly pick: number
}

const toContainers = {
  stopped: (box: Box, one: FakeContainer) => {
    if (isUp(one, box.nowMs)) one.life = { kind: 'exited', exitCode: 137 }
  },
  paused: (box: Box, one: FakeContainer) => {
    if (isUp(one, box.nowMs)) one.life = { kind: 'paused', sinceMs: box.nowMs }
  },
  startedByHand: (box: Box, one: FakeContainer) => {
    if (!isUp(one, box.nowMs)) one.life = { kind: 'running', sinceMs: box.nowMs }
  },
  onlyCreated: (_: Box, one: FakeContainer) => {
    one.life = { kind: 'created' }
  },
  stuck: (_: Box, one: FakeContainer) => {
    one.life = { kind: 'created' }
    one.isStuck = true
  },
  removed: (box: Box, one: FakeContainer) => {
    box.containers = box.containers.filter((other) => other !== one)
  },
  altered: (_: Box, one: FakeContainer) => {
    one.altered = { 'HostConfig.Memory': '67108864' }
  },
  withOtherValues: (_: Box, one: FakeContainer) => {
    one.altered = { 'Config.Env.MODE': 'of somebody' }
  },
  renamed: (box: Box, one: FakeContainer) => {
    if (box.containers.some(({ name }) => name === `${one.name}-renamed`)) return
    box.containers = box.containers.map((other) => (other === one ? { ...one, name: `${one.name}-renamed` } : other))
  },
  duplicated: (box: Box, one: FakeContainer) => {
    add(box, { ...one, name: `${one.name}-copy`, port: null })
  },
  /** Taken over as it is: without our labels, and known to the ledger. */
  adopted: (box: Box, one: FakeContainer) => {
    const entry = [...box.ledger.values()].find((any) => any.id === one.labels['stack.stacklet'])
    if (entry === undefined || entry.containers[one.name] === undefined) return
    const bare = { ...one, labels: {}, configHash: 'of another document' }
    box.containers = box.containers.map((other) => (other === one ? bare : other))
    box.ledger.set(entry.id, { ...entry, containers: { ...entry.containers, [one.name]: fingerprintOf(bare) } })
  },
} satisfies Record<string, (box: Box, one: FakeContainer) => void>

const toStacklets = {
  leftOver: (box: Box, id: string) =>
    add(box, { ...ours(id), name: `stack-${id}-old-1`, image: 'server:1', project: `stack-${id}`, service: 'old' }),
  bare: (box: Box, id: string) => add(box, { ...ours(id), name: `${id}-by-hand`, image: 'server:1' }),
  helper: (box: Box, id: string) => {
    const { labels } = ours(id)
    add(box, { labels: { ...labels, 'stack.helper': 'true' }, name: `${id}-helper`, image: 'server:1' })
  },
  oneOff: (box: Box, id: string) => {
    const labels = { ...ours(id).labels, 'com.docker.compose.oneoff': 'True' }
    const place = { project: `stack-${id}`, service: 'web' }
    add(box, { ...place, labels, name: `stack-${id}-web-run-1`, image: 'server:1' })
  },
  neighbourInProject: (box: Box, id: string) =>
    add(box, { ...theirs(id), name: `${id}-theirs`, image: 'server:1', project: `stack-${id}`, service: 'web' }),
  neighbourOfName: (box: Box, id: string) => add(box, { ...theirs(id), name: `${id}-web`, image: 'server:1' }),
  strangerInProject: (box: Box, id: string) =>
    add(box, { name: `stack-${id}-web-1`, image: 'server:1', project: `stack-${id}`, service: 'web' }),
  strangerOfName: (box: Box, id: string) => add(box, { name: `${id}-web`, image: 'server:1' }),
  forgotten: (box: Box, id: string) => box.ledger.delete(id),
  stale: (box: Box, id: string) => {
    const entry = box.ledger.get(id)
    if (entry !== undefined) box.ledger.set(id, { ...entry, content: 'another' as Digest, files: {} })
  },
  withOtherSecret: (box: Box, id: string) => {
    for (const name of secretsOf(id, box)) box.secrets.set(name, 'chosen by a person')
  },
  withoutSecrets: (box: Box, id: string) => {
    for (const name of secretsOf(id, box)) {
      box.secrets.delete(name)
      box.made.delete(name)
    }
  },
  withDataOfOthers: (box: Box, id: string) => box.data.add(id),
  programDied: (box: Box, id: string) => box.programs.delete(`${id}/agent`),
  programByHand: (box: Box, id: string) => box.programs.add(`${id}/agent`),
  withoutEnv: (box: Box, id: string) => box.files.delete(pathOf('env', id)),
  withEditedEnv: (box: Box, id: string) => box.files.set(pathOf('env', id), 'MODE="edited"\n'),
  withoutMarker: (box: Box, id: string) => box.files.delete(pathOf('marker', id)),
  withoutDocument: (box: Box, id: string) => box.files.delete(pathOf('document', id)),
  withEditedRoutes: (box: Box, id: string) => {
    if (box.served.has(id)) box.tampered.add(id)
  },
  withoutRoutes: (box: Box, id: string) => box.served.delete(id),
  known: (box: Box, id: string) => {
    const entry = box.ledger.get(id)
    const project = entry?.project && { ...entry.project, name: 'stack-gone' }
    if (project) box.ledger.set('gone', { ...entry, id: 'gone' as StackletId, project, containers: {} })
  },
} satisfies Record<string, (box: Box, id: string) => void>

function secretsOf(id: string, box: Box): readonly string[] {
  return [...box.secrets.keys()].filter((name) => name.startsWith(`${id}__`))
}

const toTheHost = {
  unrelated: (box: Box) => add(box, { name: 'somebodys', image: 'postgres:16' }),
  neighbour: (box: Box) => add(box, { ...theirs('elsewhere'), name: 'neighbours', image: 'server:1' }),
  unlisted: (box: Box) => add(box, { ...ours('zz'), name: 'stack-zz-web-1', image: 'server:1', project: 'stack-zz' }),
  withoutNetwork: (box: Box) => {
    box.twins.clear()
    box.networks.delete('stack')
  },
  withTwinNetwork: (box: Box, pick: number) => {
    const moved = box.containers.filter((_, index) => (index + pick) % 2 === 0).map(({ id }) => id)
    if (box.networks.has('stack')) box.twins.set(`twin-${pick}`, new Set(moved))
  },
  withoutImages: (box: Box) => box.images.clear(),
  withoutAnImage: (box: Box, pick: number) => box.images.delete([...box.images.keys()][pick % box.images.size] ?? ''),
} satisfies Record<string, (box: Box, pick: number) => void>

const mishaps = { ...toContainers, ...toStacklets, ...toTheHost }

export const anyMishap: fc.Arbitrary<Mishap> = fc.record({
  kind: fc.constantFrom(...(Object.keys(mishaps) as Mishap['kind'][])),
  pick: fc.nat(40),
})

/** Lets it happen. What finds nothing to happen to does nothing. */
export function letHappen(box: Box, ids: readonly string[], { kind, pick }: Mishap): void {
  if (kind in toTheHost) return void toTheHost[kind as keyof typeof toTheHost](box, pick)
  if (kind in toStacklets) return void toStacklets[kind as keyof typeof toStacklets](box, ids[pick % ids.length] ?? '')
  const own = ids.flatMap((id) => ownOf(id, box))
  const one = own[pick % own.length]
  if (one !== undefined) toContainers[kind as keyof typeof toContainers](box, one)
}

function add(box: Box, spec: ContainerSpec): void {
  if (box.containers.some((one) => one.name === spec.name)) return
  start(box, create(box, spec))
}

function ours(id: string) {
  return { labels: { 'stack.instance': 'instance-1', 'stack.stacklet': id } }
}

function theirs(id: string) {
  return { labels: { 'stack.instance': 'instance-2', 'stack.stacklet': id } }
}
