import type { Actual, ObservedContainer } from '../model/actual.ts'
import type { Desired } from '../model/desired.ts'
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
  const [engine, self, secrets, memory, standing, respondingServices] = await Promise.all([
    world.engine.look(question, signal),
    world.own.id(),
    world.secrets.read(),
    world.host.memory(),
    world.standings.read(),
    observeServices(world, desired, signal),
  ])
  const known = [...entries.map((entry) => entry.id), ...labelledIds(engine.containers, instance)]
  const files = await world.files.look(idsOf(desired, known), desired.settings.core.dataDir)
  return {
    ...engine,
    self,
    nowMs: world.clock.nowMs(),
    instance,
    stuck: {},
    ledger,
    secretNames: Object.keys(secrets).sort(),
    files,
    respondingServices,
    approvals: memory.approvals.map((text) => text as Actual['approvals'][number]),
    converged: memory.converged,
    standings: standing.standings,
    brokenStandings: standing.broken,
  }
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
