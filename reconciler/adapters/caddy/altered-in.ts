import type { StackletId } from '../../model/names.ts'
import type { Front, RoutePart } from '../../model/route.ts'
import { routesOf } from './assemble.ts'
import { canonical } from './config.ts'

/** Stacklets of whose routes some is not among those that are served, as it was loaded. */
export function alteredIn(live: unknown, parts: readonly RoutePart[], front: Front): readonly StackletId[] {
  const served = new Set(routesIn(live).map(canonical))
  return parts
    .filter((part) => {
      const { plain, secure } = routesOf([part], front)
      return ![...plain, ...secure].every((route) => served.has(canonical(route)))
    })
    .map((part) => part.stacklet)
}

function routesIn(config: unknown): readonly unknown[] {
  const servers = at(config, 'apps', 'http', 'servers')
  if (typeof servers !== 'object' || servers === null) return []
  return Object.values(servers).flatMap((server) => {
    const routes = at(server, 'routes')
    return Array.isArray(routes) ? routes : []
  })
}

/** What lies at these keys, one inside the other. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (found, key) => (typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[key] : undefined),
    value,
  )
}
