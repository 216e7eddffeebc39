import type { ContainerInspectInfo } from 'dockerode'

/** Values as the engine reports them, in the one form in which equal things read equal, whatever the engine's version. */

/** Unset, zero and less are the same. */
export function number(value: number | null | undefined): string {
  return value === null || value === undefined || value <= 0 ? '' : String(value)
}

export function nonZero(value: number | null | undefined): string {
  return value ? String(value) : ''
}

/** So large that it is none: how a limit is taken off a container that runs. */
export const noLimit = 2 ** 62

export function limit(value: number | null | undefined): string {
  return (value ?? 0) >= noLimit / 4 ? '' : number(value)
}

/** The engine's own default is twice the memory. */
export function swap({ Memory, MemorySwap }: { Memory?: number | undefined; MemorySwap?: number | undefined }): string {
  if (MemorySwap === -1) return 'unlimited'
  return MemorySwap === (Memory ?? 0) * 2 ? '' : limit(MemorySwap)
}

export const defaultShmSize = 67_108_864

export function flag(value: boolean | null | undefined): string {
  return value ? 'true' : ''
}

export function sorted(words: readonly string[] | null | undefined): string {
  return [...(words ?? [])].sort().join(' ')
}

/** `CAP_CHOWN` and `chown` are one capability. */
export function capabilities(names: readonly string[] | null | undefined): string {
  return sorted(names?.map((name) => name.toUpperCase().replace(/^CAP_/, '')))
}

export function table(entries: Readonly<Record<string, string>> | null | undefined): string {
  return sorted(Object.entries(entries ?? {}).map(([name, value]) => `${name}=${value}`))
}

export function restartPolicy(policy: ContainerInspectInfo['HostConfig']['RestartPolicy']): string {
  const name = policy?.Name ?? ''
  if (name === '' || name === 'no') return ''
  return policy?.MaximumRetryCount ? `${name}:${policy.MaximumRetryCount}` : name
}

/** What an engine logs to where nobody says is its own affair. */
export function logConfig(config: ContainerInspectInfo['HostConfig']['LogConfig']): string {
  const options = table(config?.Config as Record<string, string> | undefined)
  if (config === undefined || (config.Type === 'json-file' && options === '')) return ''
  return `${config.Type} ${options}`.trim()
}

export function portBindings(bindings: unknown): string {
  const entries = Object.entries((bindings ?? {}) as Record<string, { HostIp?: string; HostPort?: string }[] | null>)
  return sorted(
    entries.flatMap(([port, places]) =>
      (places ?? []).map((place) => `${place.HostIp ?? ''}:${place.HostPort ?? ''}->${port}`),
    ),
  )
}

const anonymousVolume = /^[0-9a-f]{64}$/

export function mounts(all: ContainerInspectInfo['Mounts'] | undefined): string {
  const texts = (all ?? []).map((mount) => {
    const source = mount.Type === 'volume' ? (mount.Name ?? '') : mount.Source
    const name = anonymousVolume.test(source) ? 'anonymous' : source
    return `${mount.Type}:${name}->${mount.Destination}${mount.RW ? '' : ':ro'}`
  })
  return sorted(texts)
}

/** What stands for a container on a network where it has no names or address of its own there. */
export const attached = 'attached'

/** `Networks.<name>`: the names that it has there beside its id, then `ip=` and the addresses that were asked for. */
export function networks(all: Readonly<Record<string, Endpoint>>, id: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(all).map(([name, { Aliases, IPAMConfig }]) => {
      const aliases = (Aliases ?? []).filter((alias) => !isIdOf(id, alias))
      const addresses = [IPAMConfig?.IPv4Address, IPAMConfig?.IPv6Address].filter(Boolean).map((one) => `ip=${one}`)
      const words = [...[...new Set(aliases)].sort(), ...addresses]
      return [`Networks.${name}`, words.join(' ') || attached]
    }),
  )
}

/** The engine names a container by the beginning of its id, too; a name of two letters only looks like one. */
export function isIdOf(id: string, name: string): boolean {
  return name === id.slice(0, 12) || name === id
}

interface Endpoint {
  readonly Aliases?: readonly string[] | null | undefined
  // biome-ignore lint/suspicious/noExplicitAny: the library calls it any
  readonly IPAMConfig?: any
}
