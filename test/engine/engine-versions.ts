import { basename, dirname, join } from 'node:path'

import { placesIn } from '../../demo/places.ts'
import { type EngineBinaries, unpackEngine } from '../../reconciler/adapters/engine/unpack-engine.ts'
import { unpackPackages } from '../../reconciler/adapters/engine/unpack-packages.ts'

const { parts } = placesIn(process.env)

/** Debian 13's Docker Engine, 26.1: the one of all other tests. */
export function docker26(): Promise<EngineBinaries> {
  return unpackEngine({ folder: parts })
}

/** Debian 12's Docker Engine, 20.10, with the network tools of the other. */
export async function docker20(): Promise<EngineBinaries> {
  const folder = join(dirname(parts), 'engine-20.10')
  const packages = ['docker.io/bookworm', 'containerd/bookworm', 'runc/bookworm', 'libdevmapper1.02.1/bookworm']
  const [current, { root, versions }] = await Promise.all([docker26(), unpackPackages({ folder, packages })])
  // A list of folders, as the linker and iptables take one; the last has iptables' extensions.
  const libraries = [join(root, 'lib', basename(current.libraries)), current.libraries].join(':')
  return {
    ...current,
    root,
    dockerd: join(root, 'usr/sbin/dockerd'),
    dockerProxy: join(root, 'usr/sbin/docker-proxy'),
    programs: [join(root, 'usr/sbin'), join(root, 'usr/bin'), ...current.programs],
    libraries,
    versions,
  }
}
