/** What can be put right on a container as it stands: it keeps its id, its log and what it runs. */
export type Repair =
  | { readonly kind: 'rename'; readonly to: string }
  /** By field, as in a fingerprint: `HostConfig.Memory` to `67108864`; an empty value takes the limit off. */
  | { readonly kind: 'update'; readonly limits: Readonly<Record<string, string>> }
  /** `network` by name, or by id where several have it; `endpoint` as in a fingerprint: the names it has there, and `ip=` before an address. */
  | { readonly kind: 'connect'; readonly network: string; readonly endpoint: string }
  | { readonly kind: 'disconnect'; readonly network: string }

/** Fields of a fingerprint that the engine changes of a container that runs. */
export const updatable: readonly string[] = [
  'HostConfig.RestartPolicy',
  'HostConfig.Memory',
  'HostConfig.MemorySwap',
  'HostConfig.MemoryReservation',
  'HostConfig.NanoCpus',
  'HostConfig.CpuShares',
  'HostConfig.CpuQuota',
  'HostConfig.CpusetCpus',
  'HostConfig.PidsLimit',
]
