import type { ContainerInspectInfo } from 'dockerode'
import { digest } from '../../lib/digest.ts'
import type { Fingerprint } from '../../model/actual.ts'
import * as normal from './normal-values.ts'

/** What one container alone does not tell. */
export interface Surroundings {
  /** Id to the name that lasts: the service of a container that Compose made, else its own name. */
  readonly peers: Peers
  /** Id to name: Compose asks for a network by its id. */
  readonly networks: ReadonlyMap<string, string>
  /** Processors of the host: a limit of that many is none. 0: not known. */
  readonly cpus: number
}

type Peers = ReadonlyMap<string, string>

/**
 * What makes a container what it is, field by field under the engine's own names, normalised: lists without an order are
 * sorted, unset and zero are the same, and commands and values of variables and labels, which may hold secrets, stand as digests.
 */
export function fingerprintOf(info: ContainerInspectInfo, surroundings: Surroundings): Fingerprint {
  return withoutEmpty({
    Image: info.Image,
    Name: info.Name.replace(/^\//, ''),
    ...configOf(info),
    ...limitsOf(info.HostConfig, surroundings.cpus),
    ...hostConfigOf(info.HostConfig, surroundings.peers),
    'HostConfig.NetworkMode': networkMode(info.HostConfig.NetworkMode, surroundings),
    Mounts: normal.mounts(info.Mounts),
    ...normal.networks(info.NetworkSettings?.Networks ?? {}, info.Id),
  })
}

type Fields = Readonly<Record<string, string | undefined>>

/** Of what the engine reports, the library's types leave these out. */
type Config = ContainerInspectInfo['Config'] & { readonly StopSignal?: string; readonly StopTimeout?: number }

function configOf(info: ContainerInspectInfo): Fields {
  const config: Config = info.Config
  const health = config.Healthcheck
  return {
    'Config.Entrypoint': hidden(config.Entrypoint),
    'Config.Cmd': hidden(config.Cmd),
    'Config.User': config.User,
    'Config.WorkingDir': config.WorkingDir,
    'Config.Hostname': normal.isIdOf(info.Id, config.Hostname) ? '' : config.Hostname,
    'Config.Domainname': config.Domainname,
    'Config.StopSignal': config.StopSignal === 'SIGTERM' ? '' : config.StopSignal,
    'Config.StopTimeout': normal.number(config.StopTimeout),
    'Config.Tty': normal.flag(config.Tty),
    'Config.OpenStdin': normal.flag(config.OpenStdin),
    'Config.Healthcheck.Test': hidden(health?.Test),
    'Config.Healthcheck.Interval': normal.number(health?.Interval),
    'Config.Healthcheck.Timeout': normal.number(health?.Timeout),
    'Config.Healthcheck.Retries': normal.number(health?.Retries),
    'Config.Healthcheck.StartPeriod': normal.number(health?.StartPeriod),
    ...digests('Config.Env', pairs(config.Env ?? [])),
    ...digests(
      'Config.Labels',
      Object.entries(config.Labels ?? {}).filter(([name]) => !isBookkeeping(name)),
    ),
  }
}

/** What the engine can change of a container that runs. */
function limitsOf(host: HostConfig, cpus: number): Fields {
  const memory = normal.limit(host.Memory)
  return {
    'HostConfig.RestartPolicy': normal.restartPolicy(host.RestartPolicy),
    'HostConfig.Memory': memory,
    'HostConfig.MemorySwap': memory === '' ? '' : normal.swap(host),
    'HostConfig.MemoryReservation': normal.limit(host.MemoryReservation),
    'HostConfig.NanoCpus': host.NanoCpus === cpus * 1e9 ? '' : normal.number(host.NanoCpus),
    'HostConfig.CpuShares': host.CpuShares === 1024 ? '' : normal.number(host.CpuShares),
    'HostConfig.CpuPeriod': host.CpuPeriod === 100_000 ? '' : normal.number(host.CpuPeriod),
    'HostConfig.CpuQuota': normal.number(host.CpuQuota),
    'HostConfig.CpusetCpus': host.CpusetCpus === `0-${cpus - 1}` ? '' : host.CpusetCpus,
    'HostConfig.BlkioWeight': normal.number(host.BlkioWeight),
    'HostConfig.PidsLimit': normal.number(host.PidsLimit),
  }
}

function hostConfigOf(host: HostConfig, peers: Peers): Fields {
  return {
    'HostConfig.PortBindings': normal.portBindings(host.PortBindings),
    'HostConfig.PidMode': peerIn(host.PidMode, peers),
    'HostConfig.IpcMode': host.IpcMode === 'private' ? '' : peerIn(host.IpcMode, peers),
    'HostConfig.VolumesFrom': normal.sorted((host.VolumesFrom as string[] | null)?.map((one) => volumesOf(one, peers))),
    'HostConfig.Privileged': normal.flag(host.Privileged),
    'HostConfig.ReadonlyRootfs': normal.flag(host.ReadonlyRootfs),
    'HostConfig.Init': normal.flag(host.Init),
    'HostConfig.OomScoreAdj': normal.nonZero(host.OomScoreAdj),
    'HostConfig.ShmSize': host.ShmSize === normal.defaultShmSize ? '' : normal.number(host.ShmSize),
    'HostConfig.Runtime': host.Runtime === 'runc' ? '' : host.Runtime,
    'HostConfig.LogConfig': normal.logConfig(host.LogConfig),
    'HostConfig.CapAdd': normal.capabilities(host.CapAdd),
    'HostConfig.CapDrop': normal.capabilities(host.CapDrop),
    'HostConfig.GroupAdd': normal.sorted(host.GroupAdd as string[] | null),
    'HostConfig.SecurityOpt': normal.sorted(host.SecurityOpt),
    'HostConfig.ExtraHosts': normal.sorted(host.ExtraHosts),
    'HostConfig.Dns': normal.sorted(host.Dns),
    'HostConfig.DnsSearch': normal.sorted(host.DnsSearch),
    'HostConfig.Sysctls': normal.table(host.Sysctls),
    'HostConfig.Tmpfs': normal.table(host.Tmpfs as Record<string, string> | null),
    'HostConfig.Ulimits': normal.sorted(host.Ulimits?.map((one) => `${one.Name}=${one.Soft}:${one.Hard}`)),
    'HostConfig.Devices': normal.sorted(
      (host.Devices as { PathOnHost: string; PathInContainer: string }[] | null)?.map(
        (one) => `${one.PathOnHost}:${one.PathInContainer}`,
      ),
    ),
  }
}

type HostConfig = ContainerInspectInfo['HostConfig']

/** The id of a network that was made anew since is nobody's. */
function networkMode(mode: string | undefined, { peers, networks }: Surroundings): string {
  if (!/^[0-9a-f]{64}$/.test(mode ?? '')) return peerIn(mode, peers)
  return networks.get(mode ?? '') ?? 'gone'
}

/** `container:<id>` names whoever it shares with; nobody who is there any more stands as `container:gone`. */
function peerIn(mode: string | undefined, peers: Peers): string {
  if (!mode?.startsWith('container:')) return mode ?? ''
  return `container:${peers.get(mode.slice('container:'.length)) ?? 'gone'}`
}

function volumesOf(text: string, peers: Peers): string {
  const [id = '', mode = 'rw'] = text.split(':')
  return `${peers.get(id) ?? 'gone'}:${mode}`
}

/** Compose's own notes on a container; they change with Compose's version and say nothing about what runs. */
function isBookkeeping(label: string): boolean {
  return label.startsWith('com.docker.compose.')
}

function withoutEmpty(fields: Fields): Fingerprint {
  return Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => Boolean(field[1])))
}

/** Passwords stand in commands, too: `redis-cli -a …`. */
function hidden(words: string | readonly string[] | null | undefined): string {
  return words === null || words === undefined ? '' : digest(JSON.stringify(words)).slice(0, 12)
}

function pairs(variables: readonly string[]): readonly (readonly [string, string])[] {
  return variables.map((text) => [text.split('=', 1)[0] ?? '', text.slice(text.indexOf('=') + 1)])
}

function digests(field: string, values: readonly (readonly [string, string])[]): Fields {
  return Object.fromEntries(values.map(([name, value]) => [`${field}.${name}`, digest(value).slice(0, 12)]))
}
