import type { Actual } from '../model/actual.ts'
import type { Desired, HostService } from '../model/desired.ts'
import type { World } from '../ports/world.ts'

/** A program of the host that answers within this time runs. */
const probeMs = 3_000

/** Which programs of the host answer now, all asked at once. Only declared host stacklets have any. */
export async function observeServices(
  world: World,
  desired: Desired,
  signal: AbortSignal,
): Promise<Actual['respondingServices']> {
  const looks = desired.stacklets
    .filter((wanted) => wanted.services.length > 0)
    .map(async (wanted) => {
      const answers = await Promise.all(wanted.services.map((service) => isResponding(world, service, signal)))
      return [wanted.id, wanted.services.filter((_, index) => answers[index]).map((service) => service.id)] as const
    })
  return Object.fromEntries(await Promise.all(looks))
}

export async function isResponding(world: World, { check }: HostService, signal: AbortSignal): Promise<boolean> {
  if (check === null) return false
  return (await world.prober.ask(check, probeMs, signal)).passed
}
