import { z } from 'zod'
import { type RouteDeclaration, type Tls, tlsKinds } from '../model/route.ts'
import { Port, refuse } from './kinds.ts'
import type { TomlPath } from './toml-places.ts'
import { keyPosition, type TomlSource, templateAt } from './toml-source.ts'

const Path = z.string().transform((text, context) => {
  const path = text.replace(/\/+$/, '')
  if (path === '' || /^(?:\/[A-Za-z0-9._~-]+)+$/.test(path)) return path
  return refuse(context, text, 'must be a path such as "/wiki"', 'begin it with /, without * or spaces')
})

const RouteTable = z.strictObject({
  host: z.string().optional(),
  path: Path.default(''),
  strip: z.boolean().default(true),
  service: z.string().optional(),
  port: Port.optional(),
  tls: z.enum(tlsKinds).optional(),
})
type RouteTable = z.infer<typeof RouteTable>

/** `[route]`, or several as `[[route]]`. */
export const Routes = z.union([RouteTable, z.array(RouteTable)]).optional()
type Routes = z.infer<typeof Routes>

/** The routes of one stacklet, each with the place where it was written. `path` leads to the key `route`. */
export function readRoutes(routes: Routes, source: TomlSource, path: TomlPath): readonly RouteDeclaration[] {
  if (routes === undefined) return []
  if (!Array.isArray(routes)) return [readRoute(routes, source, path)]
  return routes.map((route, index) => readRoute(route, source, [...path, index]))
}

function readRoute(route: RouteTable, source: TomlSource, path: TomlPath): RouteDeclaration {
  const { path: prefix, strip, service = null, port = null, tls = null } = route
  return {
    host: route.host === undefined ? null : templateAt(source, [...path, 'host']),
    path: prefix,
    strip,
    service,
    port,
    tls: tls satisfies Tls | null,
    at: keyPosition(source, path),
  }
}
