import type { NetworkInspectInfo, VolumeInspectInfo } from 'dockerode'
import type { Fingerprint } from '../../model/actual.ts'
import { flag, table } from './normal-values.ts'

/** What makes a network what it is. Addresses are left out: the engine gives other ones whenever it is made anew. */
export function networkFingerprint(network: NetworkInspectInfo): Fingerprint {
  return withoutEmpty({
    Driver: network.Driver,
    Scope: network.Scope,
    Internal: flag(network.Internal),
    Attachable: flag(network.Attachable),
    EnableIPv6: flag(network.EnableIPv6),
    Options: table(network.Options),
  })
}

export function volumeFingerprint(volume: VolumeInspectInfo): Fingerprint {
  return withoutEmpty({ Driver: volume.Driver, Options: table(volume.Options) })
}

function withoutEmpty(fields: Readonly<Record<string, string>>): Fingerprint {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''))
}
