import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { TestProject } from 'vitest/node'

import { borrowEngine } from '../../demo/borrow-engine.ts'
import { placesIn } from '../../demo/places.ts'
import { withParts } from '../../demo/program-environment.ts'
import type { Endpoint } from '../../reconciler/adapters/docker/endpoint.ts'
import { importBusybox } from '../../reconciler/adapters/engine/import-busybox.ts'
import { importCaddy } from '../../reconciler/adapters/engine/import-caddy.ts'
import { startEngine } from '../../reconciler/adapters/engine/start-engine.ts'
import { type EngineBinaries, unpackEngine } from '../../reconciler/adapters/engine/unpack-engine.ts'
import { buildProgram } from './build-program.ts'
import { engineUsers } from './engine-users.ts'
import { noteGuests } from './guests.ts'
import { dockerClient, makeImages } from './images.ts'
import { type Registry, startRegistry } from './registry.ts'
import type { TestEngine } from './test-engine.ts'
import { tidyEngine } from './tidy-engine.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    readonly engine: TestEngine
  }
}

const { parts } = placesIn(process.env)
const cache = dirname(parts)

/**
 * Gives every engine test a real Docker, Compose v2, a registry, a few images and the built program. An engine that runs already is
 * used as it is found, and left as it was: the one STACK_TEST_DOCKER_HOST names, the machine's, or the demo's. Else a private one is
 * started; STACK_TEST_KEEP=1 leaves that running, for a quick next run.
 */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  await buildProgram(say)
  const binaries = await unpackEngine({ folder: parts, onLine: say })
  const borrowed = await borrowEngine(process.env)
  const folder = join(cache, borrowed === null ? 'test-engine' : `test-engine-${shortDigest(borrowed.address)}`)
  const users = engineUsers(folder)

  const ready = await users.join(({ alone }) =>
    borrowed === null ? startOwn(binaries, folder, alone) : enterBorrowed(binaries, borrowed, folder, alone),
  )
  provide('engine', ready.engine)
  return () => users.leave(ready.stop)
}

interface Ready {
  readonly engine: TestEngine
  readonly stop: () => Promise<void>
}

async function startOwn(binaries: EngineBinaries, folder: string, alone: boolean): Promise<Ready> {
  const own = await startEngine({ binaries, folder })
  const env = withParts(binaries, { address: own.dockerHost, certificates: null }, process.env)
  if (alone) await tidyEngine(dockerClient(env))
  const { engine, registry } = await furnish(binaries, env, folder)

  async function stop(): Promise<void> {
    if (process.env['STACK_TEST_KEEP']) return
    await Promise.all([own.stop(), registry.stop()])
  }
  return { engine: { ...engine, isOwn: true }, stop }
}

async function enterBorrowed(
  binaries: EngineBinaries,
  endpoint: Endpoint,
  folder: string,
  alone: boolean,
): Promise<Ready> {
  say(`using the one at ${endpoint.address}`)
  const env = withParts(binaries, endpoint, process.env)
  const guests = await noteGuests(dockerClient(env), folder, alone)
  const { engine, registry } = await furnish(binaries, env, folder)

  async function stop(): Promise<void> {
    await Promise.all([guests.leave(Object.values(engine.images)), registry.stop()])
    await rm(join(folder, 'registry'), { recursive: true, force: true })
  }
  return { engine: { ...engine, isOwn: false }, stop }
}

async function furnish(
  binaries: EngineBinaries,
  env: NodeJS.ProcessEnv,
  folder: string,
): Promise<{ readonly engine: Omit<TestEngine, 'isOwn'>; readonly registry: Registry }> {
  const dockerHost = env['DOCKER_HOST'] ?? ''
  const registry = await startRegistry({ packageFolder: join(cache, 'registry'), folder: join(folder, 'registry') })
  const busybox = await importBusybox({ binaries, dockerHost })
  const caddyParts = { packageFolder: join(cache, 'caddy'), image: 'caddy:2.6.2', onLine: say }
  const caddy = await importCaddy({ binaries, dockerHost, ...caddyParts })
  const images = await makeImages(dockerClient(env), { busybox, caddy }, registry.address)
  return { engine: { dockerHost, env: JSON.parse(JSON.stringify(env)), registry: registry.address, images }, registry }
}

function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

function say(line: string): void {
  process.stderr.write(`engine: ${line}\n`)
}
