import { together } from '../lib/together.ts'
import type { Front, RoutePart } from '../model/route.ts'
import type { World } from '../ports/world.ts'

/** What a step makes of the parts that are served. It concerns its own stacklet alone. */
export interface RouteEdit {
  readonly front: Front
  readonly signal: AbortSignal
  readonly edit: (parts: readonly RoutePart[]) => readonly RoutePart[]
}

/** Resolves when it is served so; rejects when the proxy refuses that one edit. */
export type Routing = (edit: RouteEdit) => Promise<void>

/**
 * All of the proxy's routes are one document, and each time it is loaded costs visitors the connections they keep: what several steps
 * wish while one load is under way becomes one load. Each of them goes on when its own wish is served.
 */
export function changeRoutes({ proxy }: Pick<World, 'proxy'>): Routing {
  return together(async (edits) => {
    const [first] = edits
    if (first === undefined) return
    let { parts } = await proxy.served(first.front, first.signal)
    for (const { edit } of edits) parts = edit(parts)
    await proxy.load(parts, first.front, first.signal)
  })
}
