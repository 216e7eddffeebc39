import { digest } from '../../reconciler/lib/digest.ts'
import { envText } from '../../reconciler/lib/env-text.ts'
import type { Actual, ContainerState, LedgerEntry, ObservedContainer } from '../../reconciler/model/actual.ts'
import type { ComposeService } from '../../reconciler/model/compose-project.ts'
import { type Desired, type DesiredStacklet, plainValues } from '../../reconciler/model/desired.ts'
import { pinnedReferences } from '../../reconciler/model/locked-image.ts'
import type { Digest, StackletId } from '../../reconciler/model/names.ts'

/** What a test says of a host: networks and images by name alone. */
type Facts = Partial<Omit<Actual, 'networks' | 'images'>> & {
  readonly networks?: readonly string[]
  readonly images?: readonly string[]
}

export function networksOf(names: readonly string[]): Actual['networks'] {
  return new Map(names.map((name) => [name, { Driver: 'bridge' }]))
}

/** Each reference means the image that its name says. */
export function imagesOf(references: readonly string[]): Actual['images'] {
  return new Map(references.map((reference) => [reference, imageOf(reference)]))
}

function imageOf(reference: string): string {
  return `sha256:${reference.split(':')[0]}`
}

/** One look at a host on which nothing was ever done, except for what is said. */
export function actual({ networks = ['bridge'], images = [], ...facts }: Facts = {}): Actual {
  return {
    nowMs: Date.parse('2026-11-21T03:00:00Z'),
    instance: 'instance-1',
    self: null,
    containers: [],
    engine: '26.1.5',
    networks: networksOf(networks),
    twins: [],
    volumes: new Map(),
    portHolders: [],
    images: imagesOf(images),
    stuck: {},
    ledger: {},
    secretNames: [],
    respondingServices: {},
    files: {},
    served: null,
    approvals: [],
    converged: [],
    standings: {},
    brokenStandings: [],
    ...facts,
  }
}

/** A server of ours that runs, except for what is said. */
export function container(name: string, facts: Partial<ObservedContainer> = {}): ObservedContainer {
  return {
    id: `id of ${name}`,
    name,
    image: 'server:1',
    imageId: 'sha256:server',
    project: null,
    service: null,
    instance: 'instance-1',
    stacklet: null,
    isHelper: false,
    isOneOff: false,
    state: 'running',
    health: 'none',
    exitCode: 0,
    restarts: 0,
    startedAtMs: 0,
    ports: [],
    fingerprint: { Name: name, Image: 'sha256:server', 'HostConfig.RestartPolicy': 'unless-stopped' },
    ...facts,
  }
}

/** By container name, what is different since; null: it is gone. */
export type Since = Readonly<Record<string, Partial<ObservedContainer> | null>>

/** A host as a run left it that reached this, except for what happened since. */
export function applied(want: Desired, since: Since = {}): Actual {
  const staying = want.stacklets.filter((one) => one.state !== 'absent')
  const containers = staying.flatMap(containersFor)
  const entries = staying.map((one) => [one.id, entryOf(one, want)] as const)
  const files = staying.map((one) => [one.id, filesOf(one)] as const)
  return actual({
    containers: containers.flatMap((one) => (since[one.name] === null ? [] : [{ ...one, ...since[one.name] }])),
    networks: ['bridge', 'stack'],
    images: [...new Set(staying.flatMap((one) => one.project?.services.map((service) => service.image) ?? []))],
    ledger: Object.fromEntries(entries),
    files: Object.fromEntries(files),
    converged: staying.map((one) => one.id),
  })
}

/** The same host with more containers on it. */
export function and(host: Actual, ...containers: readonly ObservedContainer[]): Actual {
  return { ...host, containers: [...host.containers, ...containers] }
}

/** The same host without its notes about these. */
export function forgetting(host: Actual, ...ids: readonly string[]): Actual {
  const kept = Object.entries(host.ledger).filter(([id]) => !ids.includes(id))
  return { ...host, ledger: Object.fromEntries(kept) }
}

function containersFor({ id, project, state }: DesiredStacklet): readonly ObservedContainer[] {
  return (project?.services ?? []).flatMap((service) =>
    namesOf(service, project?.name ?? '').map((name) =>
      container(name, {
        ...{ project: project?.name ?? null, service: service.name, stacklet: id, image: service.image },
        ...{ ports: service.ports, health: service.hasHealthcheck ? 'healthy' : 'none' },
        ...stateFor[state],
      }),
    ),
  )
}

const stateFor: Readonly<Record<DesiredStacklet['state'], { state: ContainerState; exitCode?: number }>> = {
  running: { state: 'running' },
  paused: { state: 'paused' },
  stopped: { state: 'exited', exitCode: 137 },
  absent: { state: 'removing' },
}

function namesOf({ name, containerName, replicas }: ComposeService, project: string): readonly string[] {
  return Array.from({ length: replicas }, (_, index) => containerName ?? `${project}-${name}-${index + 1}`)
}

function entryOf(wanted: DesiredStacklet, { revision }: Desired): LedgerEntry {
  const { id, state, content, inputs, requires, project } = wanted
  const fingerprints = containersFor(wanted).map((one) => [one.name, one.fingerprint] as const)
  const containers = Object.fromEntries(fingerprints)
  const images = (project?.services ?? []).map(({ image }) => [image, imageOf(image)] as const)
  const seen = { engine: '26.1.5', networks: {}, volumes: {}, images: Object.fromEntries(images) }
  const values = plainValues(wanted.env)
  const locked = pinnedReferences(wanted.locked)
  const when = { locked, format: 2, appliedAt: '2026-11-20T03:00:00.000Z', revision, owes: [], ...seen }
  return { ...when, id, state, content, files: wanted.stacklet.files, inputs, requires, project, containers, values }
}

function filesOf({ env }: DesiredStacklet): Actual['files'][string] {
  const text = envText(env.values.map(({ name, text: value }) => ({ name, text: value.reveal() })))
  return {
    env: digest(text) as Digest,
    isSetUp: true,
    finishedHooks: [],
    startedServices: [],
    startedHook: null,
    hasData: true,
  }
}

export function idOf(id: string): StackletId {
  return id as StackletId
}
