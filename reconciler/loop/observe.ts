import type { Actual, ObservedContainer } from '../model/actual.ts'
import type { Desired, DesiredStacklet } from '../model/desired.ts'
import { isStackletId, type StackletId } from '../model/names.ts'
import type { EngineQuestion } from '../ports/container-engine.ts'
import type { World } from '../ports/world.ts'
import { observeServices } from './observe-services.ts'

/** One look at everything that a plan may depend on. Reads only. */
export async function observe(
  world: World,
  desired: Desired,
  instance: string | null,
  signal: AbortSignal,
): Promise<Actual> {
  const { entries: ledger } = await world.ledger.read()
  const entries = Object.values(ledger)
  const question = questionOf(
    desired,
    entries.map((entry) => entry.project?.name),
    instance,
  )
  const [engine, self, secrets, memory, standing, respondingServices, served] = await Promise.all([
    world.engine.look(question, signal),
    world.own.id(),
    world.secrets.read(),
    world.host.memory(),
    world.standings.read(),
    observeServices(world, desired, signal),
    desired.front === null ? null : world.proxy.served(desired.front, signal),
  ])
  const known = [...entries.map((entry) => entry.id), ...labelledIds(engine.containers, instance)]
  const files = await world.files.look(idsOf(desired, known), desired.settings.core.dataDir)
  const programs = await programsOnPorts(world, desired, engine.portHolders)
  return {
    ...engine,
    portHolders: [...engine.portHolders, ...programs],
    self,
    nowMs: world.clock.nowMs(),
    instance,
    stuck: {},
    ledger,
    secretNames: Object.keys(secrets).sort(),
    files,
    respondingServices,
    served,
    approvals: memory.approvals.map((text) => text as Actual['approvals'][number]),
    converged: memory.converged,
    standings: standing.standings,
    brokenStandings: standing.broken,
  }
}

/** Who listens is asked only where a port is wanted that no container has: on a host that is as it should be, nobody is. */
async function programsOnPorts(
  { listeners }: World,
  { stacklets }: Desired,
  published: Actual['portHolders'],
): Promise<Actual['portHolders']> {
  const isWanted = ({ state }: DesiredStacklet): boolean => state === 'running' || state === 'paused'
  const services = stacklets.filter(isWanted).flatMap(({ project }) => project?.services ?? [])
  const missing = services
    .flatMap(({ ports }) => ports)
    .filter(({ port }) => !published.some((one) => one.port === port))
  if (missing.length === 0) return []
  return (await listeners.programs()).filter((one) => missing.some(({ port }) => port === one.port))
}

/** Stacklets of ours that nothing but a label tells of. */
function labelledIds(containers: readonly ObservedContainer[], instance: string | null): readonly StackletId[] {
  const own = containers.filter((one) => one.instance !== null && one.instance === instance && !one.isHelper)
  return own.flatMap(({ stacklet }) => (stacklet !== null && isStackletId(stacklet) ? [stacklet] : []))
}

function idsOf(desired: Desired, known: readonly StackletId[]): readonly StackletId[] {
  return [...new Set([...desired.stacklets.map((one) => one.id), ...desired.gone, ...known])].sort()
}

function questionOf(
  desired: Desired,
  applied: readonly (string | undefined)[],
  instance: string | null,
): EngineQuestion {
  const projects = desired.stacklets.map((one) => one.project).filter((project) => project !== null)
  const services = projects.flatMap((project) => project.services)
  return {
    instance,
    projects: unique([...projects.map((project) => project.name), ...applied]),
    names: unique(services.map((service) => service.containerName)),
    images: unique(services.map((service) => service.image)),
    volumes: unique(projects.flatMap((project) => project.volumes).map((volume) => volume.name)),
  }
}

function unique(texts: readonly (string | null | undefined)[]): readonly string[] {
  return [...new Set(texts.filter((text) => text !== null && text !== undefined))].sort()
}
