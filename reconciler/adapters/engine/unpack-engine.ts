import { access, mkdir, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'

import { run } from '../process/run.ts'
import { type UnpackOptions, unpackPackages } from './unpack-packages.ts'

/** Where the parts of an unpacked engine are. All paths are absolute. */
export interface EngineBinaries {
  readonly root: string
  readonly dockerd: string
  readonly docker: string
  readonly dockerProxy: string
  /** A static tini: it runs inside containers. */
  readonly dockerInit: string
  /** A static busybox. */
  readonly busybox: string
  readonly iptables: { readonly nft: string; readonly legacy: string }
  /** The folders of programs, for the engine's PATH. */
  readonly programs: readonly string[]
  /** The folder of shared libraries, for the engine's LD_LIBRARY_PATH and nobody else's. */
  readonly libraries: string
  /** A DOCKER_CONFIG for clients: no credentials, and Compose v2 and buildx as plugins. */
  readonly clientConfig: string
  readonly versions: readonly string[]
}

const packages = [
  'docker.io/trixie',
  'docker-cli/trixie',
  'docker-compose/trixie',
  'docker-buildx/trixie',
  'containerd/trixie',
  'tini/trixie',
  'busybox-static/trixie',
  'iptables/trixie',
  'libip4tc2/trixie',
  'libip6tc2/trixie',
  'libxtables12/trixie',
  'libmnl0/trixie',
  'libnfnetlink0/trixie',
  'libnetfilter-conntrack3/trixie',
  'libnftnl11/trixie',
  'libseccomp2/trixie',
] as const

/**
 * Gets Docker Engine, its client, Compose v2 and buildx from Debian's packages into a private folder, for a machine that has none.
 * Needs apt-get and dpkg-deb and no rights. About 110 MB are fetched the first time; afterwards it answers at once and offline.
 */
export async function unpackEngine(options: UnpackOptions): Promise<EngineBinaries> {
  const { root, versions } = await unpackPackages({ ...options, packages: [...packages, await runcPackage()] })
  const libraries = await librariesIn(root)
  await linkPlugins(clientConfigIn(options.folder), root)
  return {
    root,
    dockerd: join(root, 'usr/sbin/dockerd'),
    docker: join(root, 'usr/bin/docker'),
    dockerProxy: join(root, 'usr/sbin/docker-proxy'),
    dockerInit: join(root, 'usr/bin/tini-static'),
    busybox: join(root, 'usr/bin/busybox'),
    iptables: { nft: join(root, 'usr/sbin/xtables-nft-multi'), legacy: join(root, 'usr/sbin/xtables-legacy-multi') },
    programs: [join(root, 'usr/sbin'), join(root, 'usr/bin')],
    libraries,
    clientConfig: clientConfigIn(options.folder),
    versions,
  }
}

/** Debian 13's runc is the one part that needs the C library of Debian 13; the one before works everywhere. */
async function runcPackage(): Promise<string> {
  const { stdout } = await run(['getconf', 'GNU_LIBC_VERSION']).catch(() => ({ stdout: '' }))
  const [, major, minor] = /(\d+)\.(\d+)/.exec(stdout) ?? []
  return Number(major) * 1000 + Number(minor) >= 2038 ? 'runc/trixie' : 'runc/bookworm'
}

/** Debian keeps libraries in a folder per architecture. */
async function librariesIn(root: string): Promise<string> {
  const names = await readdir(join(root, 'usr/lib'))
  return join(root, 'usr/lib', names.find((name) => name.includes('-linux-gnu')) ?? '')
}

/** The DOCKER_CONFIG of what is unpacked, or will be, in this folder. */
export function clientConfigIn(folder: string): string {
  return join(folder, 'root/client-config')
}

async function linkPlugins(clientConfig: string, root: string): Promise<void> {
  const plugins = join(clientConfig, 'cli-plugins')
  await mkdir(plugins, { recursive: true })
  for (const name of ['docker-compose', 'docker-buildx']) {
    const link = join(plugins, name)
    const isThere = await access(link).then(
      () => true,
      () => false,
    )
    if (!isThere) await symlink(join(root, 'usr/libexec/docker/cli-plugins', name), link).catch(ignoreExisting)
  }
}

/** Somebody else linked it at the same moment. */
function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
