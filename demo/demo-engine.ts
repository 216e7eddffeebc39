import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type Docker from 'dockerode'
import type { Terminal } from '../cli/terminal.ts'
import type { Endpoint, Environment } from '../reconciler/adapters/docker/endpoint.ts'
import { engineFolders } from '../reconciler/adapters/engine/engine-config.ts'
import { startEngine } from '../reconciler/adapters/engine/start-engine.ts'
import { runningEngine } from '../reconciler/adapters/engine/stop-engine.ts'
import { type EngineBinaries, unpackEngine } from '../reconciler/adapters/engine/unpack-engine.ts'
import { StackError } from '../reconciler/model/errors.ts'
import { consents } from './consent.ts'
import { engineAt, type FoundEngine, findEngine, type SilentEngine } from './find-engine.ts'
import type { Places } from './places.ts'
import { hasCompose, undisturbed, withParts } from './program-environment.ts'
import { shortPath, type Voice } from './voice.ts'

/** The engine that the demo runs on. */
export interface DemoEngine {
  readonly endpoint: Endpoint
  readonly client: Docker
  /** The complete environment of a program that uses it. */
  readonly env: NodeJS.ProcessEnv
  /** Ours, started for the demo. */
  readonly isPrivate: boolean
  /** Unpacks Docker's parts, where that has not been done. */
  readonly parts: () => Promise<EngineBinaries>
}

export interface EngineWish {
  readonly places: Places
  readonly terminal: Terminal
  readonly voice: Voice
  readonly yes: boolean
}

/** The engine of this machine where one answers, else one of our own, with consent. */
export async function demoEngine(wish: EngineWish): Promise<DemoEngine> {
  const { places, terminal, voice } = wish
  const env = undisturbed(terminal.env)
  const found = await findEngine(env)
  if (found.kind === 'silent') return privateEngine(found, wish)

  const isPrivate = isAddressOf(places, found.endpoint)
  voice.line(`Using Docker ${found.version} at ${found.endpoint.address}.`)
  if (!isPrivate && (await hasCompose(env))) return { ...engineOf(found, wish), env, isPrivate }
  if (!isPrivate) voice.line('It has no Compose v2 beside it.')
  const parts = await partsFor(wish)
  return { ...engineOf(found, wish), env: withParts(parts, found.endpoint, env), isPrivate }
}

function engineOf(
  { endpoint, client }: FoundEngine,
  wish: EngineWish,
): Pick<DemoEngine, 'endpoint' | 'client' | 'parts'> {
  return { endpoint, client, parts: () => partsFor(wish) }
}

export function privateAddress(places: Places): string {
  return `unix://${engineFolders(places.engine).socket}`
}

function isAddressOf(places: Places, endpoint: Endpoint): boolean {
  return endpoint.address === privateAddress(places)
}

async function privateEngine(silent: SilentEngine, wish: EngineWish): Promise<DemoEngine> {
  const { places, terminal, voice } = wish
  refuseToReplace(silent, wish)
  if (!(await exists(places.engine))) {
    voice.line(`No Docker engine answers at ${silent.endpoint.address}. The demo can run one of its own:`)
    await agree(wish)
  }
  const wasRunning = (await runningEngine(engineFolders(places.engine))) !== undefined
  const parts = await unpackEngine({ folder: places.parts, signal: terminal.signal, onLine: voice.aside })
  const { dockerHost } = await startEngine({ binaries: parts, folder: places.engine, signal: terminal.signal })
  const started = await engineAt({ address: dockerHost, certificates: null })
  if (started.kind === 'silent') throw started.error
  const verb = wasRunning ? 'Using' : 'Started'
  voice.line(`${verb} Docker ${started.version} in ${shortPath(places.engine)}, which is the demo's own.`)
  const env = withParts(parts, started.endpoint, undisturbed(terminal.env))
  return { ...engineOf(started, wish), env, isPrivate: true }
}

/** An engine that was named, or that is there and shut to this user, is what a person meant: ours would hide that. */
function refuseToReplace({ endpoint, why, error }: SilentEngine, { places, terminal }: EngineWish): void {
  if (isAddressOf(places, endpoint)) return
  if (why === 'EACCES') {
    throw new StackError('STACK_ENGINE_UNREACHABLE', `the engine at ${endpoint.address} is not open to this user`, {
      hint: 'join the group docker and log in again, or run the demo with sudo',
      terminal: true,
    })
  }
  const isNamed = isSet(terminal.env, 'DOCKER_HOST') || isSet(terminal.env, 'DOCKER_CONTEXT')
  if (!isNamed) return
  throw new StackError('STACK_ENGINE_UNREACHABLE', error.message, {
    hint: 'start it; or unset DOCKER_HOST and DOCKER_CONTEXT, and the demo brings an engine of its own',
    terminal: true,
    cause: error,
  })
}

function isSet(env: Environment, name: string): boolean {
  return (env[name] ?? '') !== ''
}

/** Docker's parts in our own folder: at once where they are there, else with consent. */
async function partsFor(wish: EngineWish): Promise<EngineBinaries> {
  const { places, terminal, voice } = wish
  if (!(await isUnpacked(places))) {
    voice.line('The demo can bring what is missing:')
    await agree(wish)
  }
  return unpackEngine({ folder: places.parts, signal: terminal.signal, onLine: voice.aside })
}

async function agree({ places, terminal, voice, yes }: EngineWish): Promise<void> {
  const size = (await isUnpacked(places)) ? 'unpacked already' : '110 MB to fetch, 400 MB on disk'
  voice.line(`Docker Engine and Compose v2 from Debian's packages, in ${shortPath(places.parts)} (${size}).`)
  voice.line('Nothing is installed, and the package sources of this machine stay as they are.')
  if (await consents('Go on?', terminal, yes)) return
  throw new StackError('STACK_ENGINE_UNREACHABLE', 'the demo needs Docker Engine and Compose v2', {
    hint: 'install or start them, then run it again; nothing was changed',
    terminal: true,
  })
}

function isUnpacked({ parts }: Places): Promise<boolean> {
  return exists(join(parts, 'stamp.json'))
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
