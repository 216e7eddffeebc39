import type { Front, RoutePart } from '../../model/route.ts'
import { at } from './altered-in.ts'
import { assemble, routesOf } from './assemble.ts'

type Table = Readonly<Record<string, unknown>>

/**
 * The configuration of a Caddy that serves others as well: theirs as it is, with our routes before theirs in the servers that listen
 * where sites do. What bears our name and is no part any more is taken out.
 */
export function merged(
  live: unknown,
  _before: readonly RoutePart[],
  parts: readonly RoutePart[],
  front: Front,
): unknown {
  const base = asTable(live)
  const http = asTable(at(base, 'apps', 'http'))
  const ours = routesOf(parts, front)
  const servers = Object.entries(asTable(http['servers'])).map(([name, server]) => [name, withoutOurs(server)] as const)
  const plain = placed(servers, 'stack-plain', `:${Number(http['http_port'] ?? 80)}`, ours.plain)
  const secure = placed(plain, 'stack-secure', `:${Number(http['https_port'] ?? 443)}`, ours.secure)
  const tls = withPolicies(at(base, 'apps', 'tls'), parts, front)
  const apps = { ...asTable(base['apps']), http: { ...http, servers: Object.fromEntries(secure) }, ...tls }
  return { ...base, apps }
}

function placed(
  servers: readonly (readonly [string, unknown])[],
  name: string,
  address: string,
  routes: readonly unknown[],
): readonly (readonly [string, unknown])[] {
  if (routes.length === 0) return servers.filter(([one, server]) => one !== name || routesAt(server).length > 0)
  const listens = ([, server]: readonly [string, unknown]): boolean => listensAt(server).includes(address)
  if (!servers.some(listens))
    return [...servers, [name, { listen: [address], routes, automatic_https: { disable_redirects: true } }]]
  return servers.map(([one, server]) =>
    listens([one, server]) ? [one, { ...asTable(server), routes: [...routes, ...routesAt(server)] }] : [one, server],
  )
}

function withoutOurs(server: unknown): unknown {
  const routes = routesAt(server).filter((route) => !String(asTable(route)['@id'] ?? '').startsWith('stack.'))
  return { ...asTable(server), routes }
}

function routesAt(server: unknown): readonly unknown[] {
  const routes = asTable(server)['routes']
  return Array.isArray(routes) ? routes : []
}

function listensAt(server: unknown): readonly unknown[] {
  const listen = asTable(server)['listen']
  return Array.isArray(listen) ? listen : []
}

/** Policies have no names: ours are those that are about our hosts alone. */
function withPolicies(tls: unknown, parts: readonly RoutePart[], front: Front): Table {
  const ours = at(assemble(parts, front), 'apps', 'tls', 'automation', 'policies') as readonly unknown[]
  const hosts = new Set(parts.flatMap(({ sites }) => sites.map(({ host }) => host)))
  const theirs = policiesAt(tls).filter((policy) => !subjectsOf(policy).some((subject) => hosts.has(subject)))
  const policies = [...ours, ...theirs]
  if (policies.length === 0 && tls === undefined) return {}
  return { tls: { ...asTable(tls), automation: { ...asTable(at(tls, 'automation')), policies } } }
}

function policiesAt(tls: unknown): readonly unknown[] {
  const policies = at(tls, 'automation', 'policies')
  return Array.isArray(policies) ? policies : []
}

function subjectsOf(policy: unknown): readonly string[] {
  const subjects = asTable(policy)['subjects']
  return Array.isArray(subjects) ? subjects.map(String) : []
}

function asTable(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {}
}
