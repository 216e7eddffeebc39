import { usualTls } from '../../lib/usual-tls.ts'
import type { SourcePosition } from '../../model/problem.ts'
import type { Site, Snippet, Tls } from '../../model/route.ts'
import type { RouteComplaint, TargetedRoute } from '../../ports/front-proxy.ts'
import type { Adapted, AdaptedServer, Policy, SiteRoute } from './config.ts'
import type { PartContent, SiteEntry } from './content.ts'

/** What a declared route is to Caddy. */
export function declaredEntry({ host, path, strip, tls, dials, isPatient }: TargetedRoute): SiteEntry {
  const paths = path === '' ? {} : { path: [path, `${path}/*`] }
  const rewrite = path !== '' && strip ? [{ handler: 'rewrite', strip_path_prefix: path }] : []
  const patience = isPatient ? { load_balancing: { try_duration: '5s', try_interval: '100ms' } } : {}
  const handle = [...rewrite, { handler: 'reverse_proxy', upstreams: dials.map((dial) => ({ dial })), ...patience }]
  return { sites: [{ host, path, tls }], route: { match: [{ host: [host], ...paths }], handle, terminal: true } }
}

/** What Caddy made of a snippet, taken apart into sites; or what in it a stacklet must not say. */
export function takeApart(
  adapted: Adapted,
  snippet: Snippet,
): { readonly content: PartContent; readonly complaints: readonly RouteComplaint[] } {
  const policies = adapted.apps.tls?.automation?.policies ?? []
  const complaints: RouteComplaint[] = []
  const entries: SiteEntry[] = []
  const errors: SiteRoute[] = []
  for (const server of Object.values(adapted.apps.http?.servers ?? {})) {
    complaints.push(...explainListener(server, snippet))
    errors.push(...(server.errors?.routes ?? []))
    for (const route of server.routes) {
      const hosts = hostsOf(route)
      if (hosts.length === 0) complaints.push(nameless(snippet))
      entries.push(...byTls(route, isPlain(server), policies))
    }
  }
  return { content: { entries, errors, policies: policies.filter(isSpecial) }, complaints }
}

function isPlain({ listen }: AdaptedServer): boolean {
  return listen.every((address) => address.endsWith(':80'))
}

function explainListener({ listen, routes }: AdaptedServer, snippet: Snippet): readonly RouteComplaint[] {
  const other = listen.find((address) => address !== ':80' && address !== ':443')
  if (other === undefined) return []
  const host = routes.flatMap(hostsOf)[0] ?? ''
  const hint = 'write the address as a name alone, or with http:// before it'
  return [
    {
      message: `${host || 'a site'} listens on ${other}; names are served on the usual ports`,
      hint,
      at: lineOf(host, snippet),
    },
  ]
}

function nameless(snippet: Snippet): RouteComplaint {
  const message = 'a site without a name would answer for every other one'
  return { message, hint: 'give it a name such as photos.{$STACK_DOMAIN}', at: lineOf('', snippet) }
}

function hostsOf({ match = [] }: SiteRoute): readonly string[] {
  return match.every(({ host = [] }) => host.length > 0) ? match.flatMap(({ host = [] }) => host) : []
}

/** A route for hosts of several kinds becomes one for each kind. */
function byTls(route: SiteRoute, isPlainHttp: boolean, policies: readonly Policy[]): readonly SiteEntry[] {
  const matches = route.match ?? []
  const kinds = [...new Set(hostsOf(route).map((host) => (isPlainHttp ? 'off' : tlsOf(host, policies))))]
  return kinds.map((tls) => {
    const isKind = (host: string): boolean => isPlainHttp || tlsOf(host, policies) === tls
    const own = matches
      .map((match) => ({ ...match, host: (match.host ?? []).filter(isKind) }))
      .filter(({ host }) => host.length > 0)
    const sites = own.flatMap(({ host, path }) => host.flatMap((one) => sitesOf(one, path, tls)))
    return { sites, route: { ...route, match: own } }
  })
}

function sitesOf(host: string, paths: readonly string[] = [''], tls: Tls): readonly Site[] {
  const prefixes = paths.map((path) => path.replace(/\*.*$/, '').replace(/\/+$/, ''))
  return [...new Set(prefixes)].map((path) => ({ host: host.toLowerCase(), path, tls }))
}

function tlsOf(host: string, policies: readonly Policy[]): Tls {
  const issuers = policies.find(({ subjects = [] }) => subjects.includes(host))?.issuers ?? []
  if (issuers.length === 0) return usualTls(host)
  return issuers.every(({ module }) => module === 'internal') ? 'internal' : 'auto'
}

/** A policy that says more than which of our kinds a site is. */
function isSpecial(policy: Policy): boolean {
  const { subjects: _, issuers = [], ...rest } = policy
  return (
    Object.keys(rest).length > 0 ||
    issuers.some((issuer) => Object.keys(issuer).length > 1 || issuer.module !== 'internal')
  )
}

/** The line that names a host, else the first. */
export function lineOf(words: string, { text, lines }: Snippet): SourcePosition {
  const index = words === '' ? 0 : text.split('\n').findIndex((line) => line.includes(words))
  return lines[Math.max(0, index)] ?? { file: 'caddy.snippet', line: 0, column: 0 }
}
