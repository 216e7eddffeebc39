import type { ContainerInfo, NetworkInspectInfo } from 'dockerode'
import type { TwinNetwork } from '../../model/actual.ts'

/** Networks that share their name with another, sorted by name, then age. */
export function twinsAmong(
  networks: readonly NetworkInspectInfo[],
  listed: readonly ContainerInfo[],
): readonly TwinNetwork[] {
  const count = new Map<string, number>()
  for (const { Name } of networks) count.set(Name, (count.get(Name) ?? 0) + 1)
  const twins = networks.filter(({ Name }) => (count.get(Name) ?? 0) > 1).map((one) => twin(one, listed))
  return twins.sort(byNameAndAge)
}

/** Of several that have a name, the oldest stands for all, in whatever order the engine lists them. */
export function youngestFirst(networks: readonly NetworkInspectInfo[]): readonly NetworkInspectInfo[] {
  return [...networks].sort(
    (one, other) => Date.parse(other.Created) - Date.parse(one.Created) || (one.Id < other.Id ? 1 : -1),
  )
}

function twin(network: NetworkInspectInfo, listed: readonly ContainerInfo[]): TwinNetwork {
  return {
    id: network.Id,
    name: network.Name,
    createdAtMs: Date.parse(network.Created),
    project: network.Labels?.['com.docker.compose.project'] ?? null,
    instance: network.Labels?.['stack.instance'] ?? null,
    containers: listed
      .filter((one) => isOn(one, network.Id))
      .map(({ Id, Names }) => ({ id: Id, name: Names[0]?.slice(1) ?? Id }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
  }
}

/** One that was never started says only the name of its network, and finds whichever is left; newer Compose says the id. */
function isOn({ NetworkSettings, HostConfig }: ContainerInfo, id: string): boolean {
  const attached = Object.values(NetworkSettings?.Networks ?? {}).some(({ NetworkID }) => NetworkID === id)
  return attached || HostConfig.NetworkMode === id
}

function byNameAndAge(one: TwinNetwork, other: TwinNetwork): number {
  if (one.name !== other.name) return one.name < other.name ? -1 : 1
  return one.createdAtMs - other.createdAtMs || (one.id < other.id ? -1 : 1)
}
