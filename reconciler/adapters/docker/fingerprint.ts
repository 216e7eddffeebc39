import type { ContainerInspectInfo } from 'dockerode'
import { digest } from '../../lib/digest.ts'
import type { Fingerprint } from '../../model/actual.ts'

/**
 * What makes a container what it is, field by field under the engine's own names, normalised: lists without an order are
 * sorted, unset and zero are the same, and commands and values of variables and labels, which may hold secrets, stand as digests.
 */
export function fingerprintOf(info: ContainerInspectInfo): Fingerprint {
  const config = info.Config
  const host = info.HostConfig
  return withoutEmpty({
    Image: info.Image,
    Name: info.Name.replace(/^\//, ''),
    'Config.Entrypoint': hidden(config.Entrypoint),
    'Config.Cmd': hidden(config.Cmd),
    'Config.User': config.User,
    'Config.WorkingDir': config.WorkingDir,
    'Config.Healthcheck': hidden(config.Healthcheck?.Test),
    ...digests('Config.Env', pairs(config.Env ?? [])),
    ...digests(
      'Config.Labels',
      Object.entries(config.Labels ?? {}).filter(([name]) => !isBookkeeping(name)),
    ),
    'HostConfig.RestartPolicy': restartPolicy(host.RestartPolicy),
    'HostConfig.PortBindings': portBindings(host.PortBindings),
    'HostConfig.NetworkMode': networkMode(host.NetworkMode),
    'HostConfig.Memory': number(host.Memory),
    'HostConfig.NanoCpus': number(host.NanoCpus),
    'HostConfig.CpuShares': number(host.CpuShares),
    'HostConfig.PidsLimit': number(host.PidsLimit),
    'HostConfig.Privileged': host.Privileged ? 'true' : '',
    'HostConfig.ReadonlyRootfs': host.ReadonlyRootfs ? 'true' : '',
    'HostConfig.CapAdd': sorted(host.CapAdd),
    'HostConfig.CapDrop': sorted(host.CapDrop),
    'HostConfig.ExtraHosts': sorted(host.ExtraHosts),
    Mounts: mounts(info.Mounts),
    Networks: Object.keys(info.NetworkSettings?.Networks ?? {})
      .sort()
      .join(' '),
  })
}

/** Compose's own notes on a container; they change with Compose's version and say nothing about what runs. */
function isBookkeeping(label: string): boolean {
  return label.startsWith('com.docker.compose.')
}

function withoutEmpty(fields: Readonly<Record<string, string | undefined>>): Fingerprint {
  return Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => Boolean(field[1])))
}

/** Passwords stand in commands, too: `redis-cli -a …`. */
function hidden(words: string | readonly string[] | null | undefined): string {
  return words === null || words === undefined ? '' : digest(JSON.stringify(words)).slice(0, 12)
}

function number(value: number | null | undefined): string {
  return value === null || value === undefined || value <= 0 ? '' : String(value)
}

function sorted(words: readonly string[] | null | undefined): string {
  return [...(words ?? [])].sort().join(' ')
}

function pairs(variables: readonly string[]): readonly (readonly [string, string])[] {
  return variables.map((text) => [text.split('=', 1)[0] ?? '', text.slice(text.indexOf('=') + 1)])
}

function digests(field: string, values: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  return Object.fromEntries(values.map(([name, value]) => [`${field}.${name}`, digest(value).slice(0, 12)]))
}

function restartPolicy(policy: ContainerInspectInfo['HostConfig']['RestartPolicy']): string {
  const name = policy?.Name ?? ''
  if (name === '' || name === 'no') return ''
  return policy?.MaximumRetryCount ? `${name}:${policy.MaximumRetryCount}` : name
}

function portBindings(bindings: unknown): string {
  const entries = Object.entries((bindings ?? {}) as Record<string, { HostIp?: string; HostPort?: string }[] | null>)
  const texts = entries.flatMap(([port, places]) =>
    (places ?? []).map((place) => `${place.HostIp ?? ''}:${place.HostPort ?? ''}->${port}`),
  )
  return texts.sort().join(' ')
}

/** `container:<id>` names whoever shares its network; the id changes with every re-creation of that one. */
function networkMode(mode: string | undefined): string {
  return mode?.startsWith('container:') ? 'container' : (mode ?? '')
}

const anonymousVolume = /^[0-9a-f]{64}$/

function mounts(all: ContainerInspectInfo['Mounts'] | undefined): string {
  const texts = (all ?? []).map((mount) => {
    const source = mount.Type === 'volume' ? (mount.Name ?? '') : mount.Source
    const name = anonymousVolume.test(source) ? 'anonymous' : source
    return `${mount.Type}:${name}->${mount.Destination}${mount.RW ? '' : ':ro'}`
  })
  return texts.sort().join(' ')
}
