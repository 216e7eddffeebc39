import type { ContainerInspectInfo } from 'dockerode'
import { describe, expect, it } from 'vitest'
import { fingerprintOf } from '../../../reconciler/adapters/docker/fingerprint.ts'
import { noLimit } from '../../../reconciler/adapters/docker/normal-values.ts'
import { updateFor } from '../../../reconciler/adapters/docker/update-for.ts'
import { updatable } from '../../../reconciler/model/repair.ts'

const cpus = 2
const surroundings = { peers: new Map(), networks: new Map(), cpus }

describe('the update that gives a container its limits back', () => {
  it.each([
    [{ 'HostConfig.RestartPolicy': '' }, { RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } }],
    [{ 'HostConfig.RestartPolicy': 'on-failure:3' }, { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 } }],
    [
      { 'HostConfig.Memory': '64', 'HostConfig.MemorySwap': '' },
      { Memory: 64, MemorySwap: 128 },
    ],
    [
      { 'HostConfig.Memory': '64', 'HostConfig.MemorySwap': '96' },
      { Memory: 64, MemorySwap: 96 },
    ],
    [
      { 'HostConfig.Memory': '64', 'HostConfig.MemorySwap': 'unlimited' },
      { Memory: 64, MemorySwap: -1 },
    ],
    [{ 'HostConfig.Memory': '' }, { Memory: noLimit, MemorySwap: noLimit }],
    [{ 'HostConfig.MemoryReservation': '' }, { MemoryReservation: -1 }],
    [{ 'HostConfig.NanoCpus': '' }, { NanoCpus: 2e9 }],
    [{ 'HostConfig.NanoCpus': '500000000' }, { NanoCpus: 5e8 }],
    [{ 'HostConfig.CpuShares': '' }, { CpuShares: 1024 }],
    [{ 'HostConfig.CpuQuota': '' }, { CpuQuota: -1 }],
    [{ 'HostConfig.CpusetCpus': '' }, { CpusetCpus: '0-1' }],
    [{ 'HostConfig.PidsLimit': '' }, { PidsLimit: 0 }],
    [
      { 'HostConfig.PidsLimit': '50', 'HostConfig.CpuShares': '512' },
      { PidsLimit: 50, CpuShares: 512 },
    ],
    [{ 'Config.Hostname': 'h' }, {}],
  ])('for %j is %j', (limits, body) => {
    expect(updateFor(limits, cpus)).toEqual(body)
  })

  it.each(updatable.filter((field) => field !== 'HostConfig.MemorySwap'))('reads as no %s once it is done', (field) => {
    const HostConfig = updateFor({ [field]: '' }, cpus)
    const info = { Id: 'id', Name: '/web', Image: 'image', Config: { Hostname: '' }, HostConfig }

    expect(fingerprintOf(info as unknown as ContainerInspectInfo, surroundings)).toEqual({
      Image: 'image',
      Name: 'web',
    })
  })
})
