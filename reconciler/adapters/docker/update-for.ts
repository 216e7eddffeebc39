import { noLimit } from './normal-values.ts'

/**
 * What to send to the engine so that a container gets these limits, given as in a fingerprint. The engine takes zero for "as
 * it is", so that no limit at all has to be said in another way: by one that nothing can reach.
 */
export function updateFor(limits: Readonly<Record<string, string>>, cpus: number): object {
  return Object.assign({}, ...Object.entries(limits).map(([field, value]) => bodyFor(field, value, limits, cpus)))
}

function bodyFor(field: string, value: string, limits: Readonly<Record<string, string>>, cpus: number): object {
  switch (field) {
    case 'HostConfig.RestartPolicy': {
      const [Name = '', count] = value.split(':')
      return { RestartPolicy: { Name: Name || 'no', MaximumRetryCount: Number(count ?? 0) } }
    }
    case 'HostConfig.Memory':
      return { Memory: Number(value) || noLimit, MemorySwap: swapFor(value, limits['HostConfig.MemorySwap'] ?? '') }
    case 'HostConfig.MemoryReservation':
      return { MemoryReservation: Number(value) || -1 }
    case 'HostConfig.NanoCpus':
      return { NanoCpus: Number(value) || cpus * 1e9 }
    case 'HostConfig.CpuShares':
      return { CpuShares: Number(value) || 1024 }
    case 'HostConfig.CpuQuota':
      return { CpuQuota: Number(value) || -1 }
    case 'HostConfig.CpusetCpus':
      return { CpusetCpus: value || `0-${cpus - 1}` }
    case 'HostConfig.PidsLimit':
      return { PidsLimit: Number(value) || 0 }
    default:
      return {}
  }
}

/** Swap cannot be set alone: a container without a limit of memory has none of swap. */
function swapFor(memory: string, swap: string): number {
  if (memory === '') return noLimit
  return swap === 'unlimited' ? -1 : Number(swap) || Number(memory) * 2
}
