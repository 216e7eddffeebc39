import { mkdir, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { engineFolders } from '../../reconciler/adapters/engine/engine-config.ts'
import { engineEnvironment } from '../../reconciler/adapters/engine/engine-environment.ts'
import { importBusybox } from '../../reconciler/adapters/engine/import-busybox.ts'
import { unmountLeftovers } from '../../reconciler/adapters/engine/leftovers.ts'
import { runningEngine, stopEngine } from '../../reconciler/adapters/engine/stop-engine.ts'
import type { EngineBinaries } from '../../reconciler/adapters/engine/unpack-engine.ts'
import { run } from '../../reconciler/adapters/process/run.ts'
import { bringNear } from './bring-near.ts'
import { docker26 } from './engine-versions.ts'
import { buildImage, type Docker, dockerClient, type TestImages, unhealthyImage, webImage } from './images.ts'
import { endShims, type Shim, shimsIn } from './shims.ts'

/** An engine of one test's own, beside the one that all share. It keeps its containers from start to start, whatever its version. */
export interface EngineApart {
  /** The environment of its clients: one client and one Compose, whatever engine runs. */
  readonly env: Readonly<Record<string, string>>
  readonly docker: Docker
  /** Absolute: where it keeps images and volumes. Before its first start a disk may be mounted there, which goes when it is removed. */
  readonly data: string
  /** Starts it in a network namespace that is new, as a machine's is after a reboot, and gone when it stops. */
  readonly start: (binaries: EngineBinaries) => Promise<void>
  /** Stops it and its containers, as a service manager would. */
  readonly stop: () => Promise<void>
  /** Kills it, and it alone, as a machine short of memory would: containers and their shims stay. */
  readonly kill: () => Promise<void>
  /** What containerd runs for it. */
  readonly shims: () => Promise<readonly Shim[]>
  /** Lets it reach what listens here at `127.0.0.1:PORT`, at that very address, until it stops. */
  readonly bringNear: (address: string) => Promise<void>
  /** Makes the images of tests, where there is no registry. */
  readonly furnish: () => Promise<TestImages>
  /** Stops it and removes all that it kept. */
  readonly remove: () => Promise<void>
}

const startProgram = fileURLToPath(new URL('./start-apart.ts', import.meta.url))
const folderOf = (pid: number | string): string => join(tmpdir(), `stackloop-apart-${pid}`)

/** One that runs, with the images of tests, and is removed at the end. */
export async function furnishedEngine(
  version: () => Promise<EngineBinaries>,
  onEnd: (cleanUp: () => Promise<void>) => void,
): Promise<readonly [EngineApart, TestImages]> {
  const engine = await engineApart()
  onEnd(engine.remove)
  await engine.start(await version())
  return [engine, await engine.furnish()]
}

/** What runs left that were cut short is removed first. Needs root, as every private engine does. */
export async function engineApart(): Promise<EngineApart> {
  await removeAbandoned()
  const binaries = await docker26()
  const folder = folderOf(process.pid)
  const dockerHost = `unix://${join(folder, 'docker.sock')}`
  const env: Record<string, string> = JSON.parse(JSON.stringify(engineEnvironment(binaries, dockerHost)))
  const docker = dockerClient(env)
  const ways: (() => Promise<void>)[] = []
  const closeWays = async (): Promise<void> => {
    for (const close of ways.splice(0)) await close()
  }
  await mkdir(folder, { mode: 0o700 })
  return {
    env,
    docker,
    data: engineFolders(folder).data,
    async start(version) {
      const program = [process.execPath, '--import', import.meta.resolve('tsx'), startProgram]
      const ran = await run(['unshare', '--net', ...program, folder, JSON.stringify(version)], { timeoutMs: 120_000 })
      if (ran.exitCode !== 0) throw new Error(`no engine in a network of its own, which needs root: ${ran.stderr}`)
    },
    async stop() {
      await closeWays()
      await stopEngine(folder)
    },
    async kill() {
      process.kill(await pidIn(folder), 'SIGKILL')
    },
    async bringNear(address) {
      const socketPath = join(folder, `${ways.length}.sock`)
      ways.push(await bringNear(await pidIn(folder), address, socketPath))
    },
    shims: () => shimsIn(folder),
    async furnish() {
      const busybox = await importBusybox({ binaries, dockerHost })
      const images = { busybox, caddy: busybox, web: 'apart/web:1', exits: busybox, unhealthy: 'apart/unhealthy:1' }
      await buildImage(docker, images.web, webImage(busybox, 'web 1'))
      await buildImage(docker, images.unhealthy, unhealthyImage(busybox))
      return images
    },
    async remove() {
      await closeWays()
      await removeEngine(folder)
    },
  }
}

async function pidIn(folder: string): Promise<number> {
  const engine = await runningEngine(engineFolders(folder))
  if (engine === undefined) throw new Error(`no engine runs in ${folder}`)
  return engine.pid
}

async function removeEngine(folder: string): Promise<void> {
  await stopEngine(folder)
  await endShims(folder)
  await unmountLeftovers(engineFolders(folder))
  await rm(folder, { recursive: true, force: true })
}

async function removeAbandoned(): Promise<void> {
  const pids = (await readdir(tmpdir())).flatMap((name) => /^stackloop-apart-(\d+)$/.exec(name)?.[1] ?? [])
  for (const pid of pids) if (!isAlive(Number(pid))) await removeEngine(folderOf(pid))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
