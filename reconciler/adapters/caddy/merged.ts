import type { Front, RoutePart } from '../../model/route.ts'
import { at } from './altered-in.ts'
import { assemble, errorRoutesOf, type NamedRoute, routesOf } from './assemble.ts'

type Table = Readonly<Record<string, unknown>>

/**
 * The configuration of a Caddy that serves others as well: theirs as it is, with our routes before theirs in the servers that listen
 * where sites do. What bears our name and is no part any more is taken out, and so is what is about hosts that only `before` had.
 */
export function merged(
  live: unknown,
  before: readonly RoutePart[],
  parts: readonly RoutePart[],
  front: Front,
): unknown {
  const base = asTable(live)
  const http = asTable(at(base, 'apps', 'http'))
  const ours = routesOf(parts, front)
  const servers = Object.entries(asTable(http['servers'])).map(([name, server]) => [name, withoutOurs(server)] as const)
  const plain = placed(servers, {
    name: 'stack-plain',
    port: Number(http['http_port'] ?? 80),
    routes: ours.plain,
    errors: errorRoutesOf(parts, 'plain'),
  })
  const secure = placed(plain, {
    name: 'stack-secure',
    port: Number(http['https_port'] ?? 443),
    routes: ours.secure,
    errors: errorRoutesOf(parts, 'secure'),
  })
  const apps = {
    ...asTable(base['apps']),
    http: filled({ ...http, servers: filled(Object.fromEntries(secure)) }),
    tls: withPolicies(at(base, 'apps', 'tls'), [...before, ...parts], assemble(parts, front)),
  }
  return { ...base, apps: filled(apps) }
}

type NamedServer = readonly [name: string, server: unknown]

/** What of ours belongs to whoever listens on a port; a server of this name does where nobody does yet. */
interface Ours {
  readonly name: string
  readonly port: number
  readonly routes: readonly NamedRoute[]
  readonly errors: readonly NamedRoute[]
}

function placed(servers: readonly NamedServer[], { name, port, routes, errors }: Ours): readonly NamedServer[] {
  if (routes.length === 0) return servers.filter(([one, server]) => one !== name || routesAt(server).length > 0)
  if (!servers.some(([, server]) => listensOn(port, server))) {
    const automatic_https = { disable_redirects: true }
    return [...servers, [name, { listen: [`:${port}`], routes, errors: { routes: errors }, automatic_https }]]
  }
  return servers.map(([one, server]) => {
    if (!listensOn(port, server)) return [one, server]
    const failing = asTable(at(server, 'errors'))
    const own = {
      routes: [...routes, ...routesAt(server)],
      errors: { ...failing, routes: [...errors, ...routesAt(failing)] },
    }
    return [one, { ...asTable(server), ...own }]
  })
}

function withoutOurs(server: unknown): unknown {
  const { routes: _, errors, ...rest } = asTable(server)
  const [own, failing] = [theirsAmong(routesAt(server)), theirsAmong(routesAt(errors))]
  return {
    ...rest,
    ...(own.length === 0 ? {} : { routes: own }),
    ...(failing.length === 0 ? {} : { errors: { ...asTable(errors), routes: failing } }),
  }
}

function theirsAmong(routes: readonly unknown[]): readonly unknown[] {
  return routes.filter((route) => !String(asTable(route)['@id'] ?? '').startsWith('stack.'))
}

function routesAt(server: unknown): readonly unknown[] {
  const routes = asTable(server)['routes']
  return Array.isArray(routes) ? routes : []
}

/** On every address: whoever listens on one alone is not where visitors come. */
function listensOn(port: number, server: unknown): boolean {
  const listen = asTable(server)['listen']
  const all = Array.isArray(listen) ? listen.map(String) : []
  return all.some((address) => /^(?:tcp\/)?(?:0\.0\.0\.0|\[::\])?:(\d+)$/.exec(address)?.[1] === String(port))
}

/** Policies have no names: ours are those about hosts of ours. Caddy takes one policy for a host and no more. */
function withPolicies(tls: unknown, known: readonly RoutePart[], assembled: unknown): Table | undefined {
  const ours = at(assembled, 'apps', 'tls', 'automation', 'policies') as readonly unknown[]
  const hosts = new Set(known.flatMap(({ sites }) => sites.map(({ host }) => host)))
  const policies = [...ours, ...policiesAt(tls).flatMap((policy) => withoutHosts(policy, hosts))]
  const automation = { ...asTable(at(tls, 'automation')), policies: policies.length === 0 ? undefined : policies }
  return filled({ ...asTable(tls), automation: filled(automation) })
}

function withoutHosts(policy: unknown, hosts: ReadonlySet<string>): readonly unknown[] {
  const { subjects } = asTable(policy)
  if (!Array.isArray(subjects)) return [policy]
  const others = subjects.filter((subject) => !hosts.has(String(subject)))
  return others.length === 0 ? [] : [{ ...asTable(policy), subjects: others }]
}

function policiesAt(tls: unknown): readonly unknown[] {
  const policies = at(tls, 'automation', 'policies')
  return Array.isArray(policies) ? policies : []
}

/** Nothing instead of a table with nothing in it: what was not there before we came is not there when we leave. */
function filled(table: Table): Table | undefined {
  const entries = Object.entries(table).filter(([, value]) => value !== undefined)
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function asTable(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {}
}
