import type { ContainerInfo, ContainerInspectInfo, NetworkInspectInfo, VolumeInspectInfo } from 'dockerode'
import type { PortHolder } from '../../model/port-holder.ts'
import type { EngineLook, EngineQuestion } from '../../ports/container-engine.ts'
import { hasStatus } from './connect.ts'
import { type EngineReader, withFilters } from './engine-reader.ts'
import type { Surroundings } from './fingerprint.ts'
import { isAskedFor, observedContainer } from './observed-container.ts'
import { networkFingerprint, volumeFingerprint } from './part-fingerprints.ts'
import { twinsAmong, youngestFirst } from './twin-networks.ts'

/** Inspect calls under way at once: the engine answers them from memory, one kept-alive connection each. */
const inspectLanes = 8

/** One look at everything the question is about; reading calls only. */
export async function lookAt(reader: EngineReader, question: EngineQuestion, signal: AbortSignal): Promise<EngineLook> {
  const [version, listed, networks, images, volumes] = await Promise.all([
    reader.get<{ readonly Version: string }>('/version', signal),
    reader.get<ContainerInfo[]>('/containers/json?all=1', signal),
    reader.get<NetworkInspectInfo[]>('/networks', signal),
    presentImages(reader, question.images ?? [], signal),
    presentVolumes(reader, question.volumes ?? [], signal),
  ])
  const ids = listed.filter((one) => isAskedFor(one, question)).map((one) => one.Id)
  const inspected = await inLanes(ids, (id) => inspect(reader, id, signal))
  const infos = inspected.filter((one) => one !== null)
  const cpus = await cpusFor(infos, reader, signal)
  const surroundings = { peers: peersIn(listed), networks: namesOf(networks), cpus }
  const containers = infos.map((info) => observedContainer(info, surroundings))
  return {
    engine: version.Version,
    containers: containers.sort((one, other) => (one.name < other.name ? -1 : 1)),
    networks: byName(youngestFirst(networks).map((network) => [network.Name, networkFingerprint(network)])),
    twins: twinsAmong(networks, listed),
    volumes,
    images,
    portHolders: listed.flatMap(publishedBy),
  }
}

function publishedBy({ Names, Labels, Ports }: ContainerInfo): readonly PortHolder[] {
  const container = {
    name: (Names[0] ?? '').replace(/^\//, ''),
    project: Labels['com.docker.compose.project'] ?? null,
    instance: Labels['stack.instance'] ?? null,
    stacklet: Labels['stack.stacklet'] ?? null,
  }
  return Ports.flatMap(({ IP, PublicPort, Type }) =>
    PublicPort === undefined
      ? []
      : [{ address: IP ?? '0.0.0.0', port: PublicPort, protocol: Type, container, process: null }],
  )
}

/** Null when the container is gone since it was listed. */
function inspect(reader: EngineReader, id: string, signal: AbortSignal): Promise<ContainerInspectInfo | null> {
  return reader.get<ContainerInspectInfo>(`/containers/${id}/json`, signal).catch(orNothing(404))
}

function orNothing(...statuses: readonly number[]): (thrown: unknown) => null {
  return (thrown) => {
    if (statuses.some((status) => hasStatus(thrown, status))) return null
    throw thrown
  }
}

function peersIn(listed: readonly ContainerInfo[]): Surroundings['peers'] {
  return new Map(
    listed.map((one) => [one.Id, one.Labels['com.docker.compose.service'] ?? one.Names[0]?.slice(1) ?? one.Id]),
  )
}

function namesOf(networks: readonly { readonly Id: string; readonly Name: string }[]): Surroundings['networks'] {
  return new Map(networks.map(({ Id, Name }) => [Id, Name]))
}

/** Asked only where a container has a limit that may be none. */
async function cpusFor(
  infos: readonly ContainerInspectInfo[],
  reader: EngineReader,
  signal: AbortSignal,
): Promise<number> {
  const isLimited = infos.some(({ HostConfig: host }) => (host.NanoCpus ?? 0) > 0 || (host.CpusetCpus ?? '') !== '')
  return isLimited ? (await reader.get<{ readonly NCPU: number }>('/info', signal)).NCPU : 0
}

/** The engine itself knows best which of its images a reference means. */
async function presentImages(
  reader: EngineReader,
  references: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const found = await inLanes(references, async (reference) => {
    const image = await reader
      .get<{ readonly Id: string }>(`/images/${reference.split('/').map(encodeURIComponent).join('/')}/json`, signal)
      .catch(orNothing(404, 400))
    return image === null ? null : ([reference, image.Id] as const)
  })
  return byName(found.filter((one) => one !== null))
}

async function presentVolumes(
  reader: EngineReader,
  names: readonly string[],
  signal: AbortSignal,
): Promise<EngineLook['volumes']> {
  if (names.length === 0) return new Map()
  const path = withFilters('/volumes', { name: names })
  const { Volumes } = await reader.get<{ readonly Volumes: VolumeInspectInfo[] | null }>(path, signal)
  const asked = (Volumes ?? []).filter(({ Name }) => names.includes(Name))
  return byName(asked.map((volume) => [volume.Name, volumeFingerprint(volume)]))
}

function byName<Value>(entries: readonly (readonly [string, Value])[]): ReadonlyMap<string, Value> {
  return new Map([...entries].sort(([one], [other]) => (one < other ? -1 : 1)))
}

async function inLanes<Item, Answer>(items: readonly Item[], work: (item: Item) => Promise<Answer>): Promise<Answer[]> {
  const answers = new Array<Answer>(items.length)
  const queue = items.entries()
  const lanes = Array.from({ length: Math.min(inspectLanes, items.length) }, async () => {
    for (const [index, item] of queue) answers[index] = await work(item)
  })
  await Promise.all(lanes)
  return answers
}
