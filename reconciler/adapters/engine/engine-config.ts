import { join } from 'node:path'

import type { EngineBinaries } from './unpack-engine.ts'

/** Where a private engine keeps everything. */
export interface EngineFolders {
  readonly folder: string
  readonly socket: string
  readonly configFile: string
  readonly logFile: string
  /** Who the engine is: pid and start. */
  readonly identityFile: string
  readonly pidFile: string
  readonly data: string
  readonly exec: string
}

export function engineFolders(folder: string): EngineFolders {
  return {
    folder,
    socket: join(folder, 'docker.sock'),
    configFile: join(folder, 'daemon.json'),
    logFile: join(folder, 'dockerd.log'),
    identityFile: join(folder, 'engine.json'),
    pidFile: join(folder, 'dockerd.pid'),
    data: join(folder, 'data'),
    exec: join(folder, 'exec'),
  }
}

/**
 * The whole configuration of a private engine, so that the machine's own /etc/docker/daemon.json has no say. Docker's default
 * address pools hold 31 networks, about as many stacklets; ours hold 512.
 */
export function engineConfig(at: EngineFolders, binaries: EngineBinaries, group: number) {
  return {
    hosts: [`unix://${at.socket}`],
    group: String(group),
    pidfile: at.pidFile,
    'data-root': at.data,
    'exec-root': at.exec,
    'userland-proxy-path': binaries.dockerProxy,
    'init-path': binaries.dockerInit,
    'default-address-pools': [{ base: '10.200.0.0/14', size: 23 }],
    'log-opts': { 'max-size': '10m', 'max-file': '2' },
    'shutdown-timeout': 10,
  }
}
