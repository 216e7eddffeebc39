import type { Desired } from '../../model/desired.ts'
import { StackError } from '../../model/errors.ts'
import type { DockerProbe, EngineAnswer } from '../../ports/docker-probe.ts'
import type { InstanceProbe } from '../../ports/instance-probe.ts'
import type { Machine, Room } from '../../ports/machine.ts'
import type { PrivateEngine } from '../../ports/private-engine.ts'
import type { RepositoryProbe } from '../../ports/repository-probe.ts'
import type { World } from '../../ports/world.ts'
import { loadDesired } from '../load-desired.ts'
import { resolveProjects } from '../resolve-projects.ts'
import type { Facts, InstanceFacts } from './facts.ts'

/** What a doctor needs: of the machine always, of the instance where there is one. */
export interface DoctorParts {
  readonly machine: Machine
  readonly docker: DockerProbe
  readonly privateEngine: PrivateEngine
  readonly clock: World['clock']
  readonly home: string
  readonly place: InstanceParts | { readonly kind: 'none'; readonly problem: StackError }
}

export interface InstanceParts {
  readonly kind: 'instance'
  /** Absolute. */
  readonly folder: string
  readonly world: World
  readonly probe: InstanceProbe
  readonly repository: RepositoryProbe
}

/** Looks at everything once. Reads only, and no failure keeps it from looking at the rest. */
export async function lookAround(parts: DoctorParts, signal: AbortSignal): Promise<Facts> {
  const { machine, docker, privateEngine, clock, place } = parts
  const [programs, engine, compose, own, listeners] = await Promise.all([
    machine.programs(signal),
    docker.engine(signal),
    docker.compose(signal),
    privateEngine.look(),
    machine.listeners(),
  ])
  const facts = { nowMs: clock.nowMs(), programs, engine, compose, privateEngine: own, listeners }
  const engineRooms = await roomOfEngine(engine, machine)
  if (place.kind === 'none') return { ...facts, place, rooms: engineRooms }
  const instance = await lookAtInstance(place, parts.home, signal)
  const dataDir = instance.desired === null ? [] : [instance.desired.settings.core.dataDir]
  const rooms = await machine.room([...new Set([...dataDir, place.folder])])
  return { ...facts, place: { kind: 'instance', ...instance }, rooms: [...rooms, ...engineRooms] }
}

/** An engine in a virtual machine keeps its images on a disk that is not ours to see. */
async function roomOfEngine(engine: EngineAnswer, machine: Machine): Promise<readonly Room[]> {
  if (engine.kind === 'silent' || engine.dataRoot === null) return []
  return (await machine.room([engine.dataRoot])).filter(({ isThere }) => isThere)
}

async function lookAtInstance(place: InstanceParts, home: string, signal: AbortSignal): Promise<InstanceFacts> {
  const { world, folder } = place
  const read = await readInstance(world, home, signal)
  const { entries, broken } = await orElse(world.ledger.read(), { entries: {}, broken: ['.stack/ledger'] })
  const lastRun = await orElse(world.records.readLastRun(), null)
  const look = await place.probe.look()
  const git = read.desired?.settings.git ?? { remote: null, branch: null }
  const ignored = [
    '.stack/x',
    ...look.directories.map((id) => `stacklets/${id}/.env`),
    ...dataInside(read.desired, folder),
  ]
  const repository = await place.repository.look({ remote: git.remote, branch: git.branch, ignored }, signal)
  const at = lastRun === null ? Number.NaN : Date.parse(lastRun.at)
  return {
    folder,
    ...read,
    ledger: entries,
    brokenLedger: broken,
    look,
    repository,
    lastRunAtMs: Number.isNaN(at) ? null : at,
  }
}

/** A data folder inside the instance would be committed with it. */
function dataInside(desired: Desired | null, folder: string): readonly string[] {
  const dataDir = desired?.settings.core.dataDir ?? ''
  return dataDir.startsWith(`${folder}/`) ? [`${dataDir.slice(folder.length + 1)}/x`] : []
}

type Read = Pick<InstanceFacts, 'desired' | 'problem' | 'instance'>

async function readInstance(world: World, home: string, signal: AbortSignal): Promise<Read> {
  try {
    const { desired, host } = await loadDesired(world, 'work-tree', home, signal)
    await world.host.memory()
    const known = { instance: host.instance, ledger: (await world.ledger.read()).entries }
    const resolved = await orElse(resolveProjects(world, desired, known, signal), desired)
    return { desired: resolved, problem: null, instance: host.instance }
  } catch (thrown) {
    signal.throwIfAborted()
    if (!(thrown instanceof StackError)) throw thrown
    return { desired: null, problem: thrown, instance: null }
  }
}

/** What cannot be read is complained about elsewhere. */
async function orElse<Answer>(answer: Promise<Answer>, otherwise: Answer): Promise<Answer> {
  return answer.catch((thrown: unknown) => {
    if (thrown instanceof StackError && thrown.code !== 'STACK_CANCELLED') return otherwise
    throw thrown
  })
}
