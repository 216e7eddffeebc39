import { isUp } from '../plan/container-state.ts'
import type { World } from '../ports/world.ts'
import { loadDesired } from './load-desired.ts'
import { ownContainers } from './own-containers.ts'

const probeMs = 3_000

/** Whether a stacklet answers now: by its own checks, or, without any, by its containers. What is unknown here is not well. */
export async function isHealthy(world: World, id: string, home: string, signal: AbortSignal): Promise<boolean> {
  const { everyStacklet } = await loadDesired(world, 'work-tree', home, signal)
  const checks = everyStacklet().find((one) => one.id === id)?.health.checks ?? []
  const answers = await Promise.all(checks.map((check) => world.prober.ask(check, probeMs, signal)))
  if (checks.length > 0) return answers.every((answer) => answer.passed)
  const own = await ownContainers(world, id, signal)
  return own.length > 0 && own.every(({ container }) => isUp(container) && container.health !== 'unhealthy')
}
