import { neededBy } from '../plan/only-for.ts'
import type { Sight } from '../plan/plan-for.ts'
import { asWished } from '../plan/wish.ts'
import { readHostValues } from './load-desired.ts'
import { observe } from './observe.ts'
import { resolveProjects } from './resolve-projects.ts'
import { resolveRoutes } from './resolve-routes.ts'
import type { RunContext } from './run-context.ts'

export type Look = Pick<Sight, 'desired' | 'actual'>

/** What is desired with the values of now, and one look at the host. */
export async function look(context: RunContext, signal: AbortSignal): Promise<Look> {
  const { world, loaded, instance, wish, isUnattended, stuck, leftAlone } = context
  const fresh = {
    ...asWished(loaded.renderedWith(await readHostValues(world)), wish),
    isUnattended,
    leftAlone: leftAlone(),
  }
  const { entries } = await world.ledger.read()
  const only = wish.only === null ? null : neededBy(wish.only, fresh)
  const desired = await resolveProjects(world, fresh, { instance, ledger: entries, only }, signal)
  const actual = await observe(world, desired, instance, signal)
  const proved = await resolveRoutes(world, desired, actual, signal)
  return { desired: proved, actual: { ...actual, stuck: Object.fromEntries(stuck) } }
}
