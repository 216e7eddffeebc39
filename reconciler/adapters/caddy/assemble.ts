import { digest } from '../../lib/digest.ts'
import type { Acme, Front, RoutePart, Site } from '../../model/route.ts'
import type { Policy, SiteRoute } from './config.ts'
import { contentOf, inOrder, type SiteEntry } from './content.ts'
import { isDown, notHere } from './pages.ts'

/** Where things are in Caddy's container: the folder that we share with it, and what it keeps. */
const sharedFolder = '/run/stack'
const storageFolder = '/data/caddy'

/** A route with a name of ours, by which it is found again in what Caddy says it serves. */
export type NamedRoute = SiteRoute & { readonly '@id': string }

/**
 * The whole configuration that serves these parts. Equal parts make equal configurations, in whatever order they come. The admin
 * block is always there: a configuration without one would move Caddy's admin endpoint to a port.
 */
export function assemble(parts: readonly RoutePart[], front: Front): unknown {
  const all = inOrder(parts)
  const { plain, secure } = routesOf(all, front)
  const errors = { routes: [...all.flatMap(errorsOf), unreachableUpstream] }
  const automatic_https = { disable_redirects: true }
  const server = (port: number, routes: readonly SiteRoute[]) => ({
    listen: [`:${port}`],
    routes: [...routes, { handle: [notHere] }],
    errors,
    automatic_https,
  })
  return {
    admin: { listen: `unix/${sharedFolder}/admin.sock`, config: { persist: false } },
    logging: { logs: { default: { exclude: ['admin.api'] } } },
    storage: { module: 'file_system', root: storageFolder },
    apps: {
      http: {
        http_port: 80,
        https_port: 443,
        grace_period: '10s',
        servers: { plain: server(80, plain), secure: server(443, secure) },
      },
      tls: { automation: { policies: policiesOf(all, front) } },
      pki: { certificate_authorities: { local: { install_trust: false } } },
    },
  }
}

/** The routes of each part, by listener: longer paths of a host before shorter ones. */
export function routesOf(
  parts: readonly RoutePart[],
  front: Front,
): { readonly plain: readonly NamedRoute[]; readonly secure: readonly NamedRoute[] } {
  const entries = parts.flatMap((part) => entriesOf(part).map((entry, index) => ({ ...entry, part, index })))
  const sorted = [...entries].sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1))
  const named = (kind: 'plain' | 'secure', { part, index }: (typeof sorted)[number], route: SiteRoute): NamedRoute => ({
    '@id': `stack.${part.stacklet}.${index}.${kind}`,
    ...route,
  })
  return {
    plain: sorted.map((entry) =>
      named('plain', entry, isRedirected(entry, front) ? redirect(entry, front) : entry.route),
    ),
    secure: sorted.filter(({ sites }) => sites[0]?.tls !== 'off').map((entry) => named('secure', entry, entry.route)),
  }
}

/** By host, then by how long the path is: the whole host comes last. */
function placeOf({ sites, part, index }: SiteEntry & { readonly part: RoutePart; readonly index: number }): string {
  const { host = '', path = '' } = sites[0] ?? {}
  return [host, String(1_000 - path.length).padStart(5, '0'), path, part.stacklet, String(10_000 + index)].join('\n')
}

function entriesOf(part: RoutePart): readonly SiteEntry[] {
  if (part.isUp) return contentOf(part).entries
  return contentOf(part).entries.map(({ sites, route }) => {
    return { sites, route: { match: route.match ?? [], handle: [isDown], terminal: true } }
  })
}

/** What becomes of requests for our sites that fail, where other sites are served as well. */
export function errorRoutesOf(parts: readonly RoutePart[], kind: 'plain' | 'secure'): readonly NamedRoute[] {
  const all = inOrder(parts)
  const hosts = [...new Set(all.flatMap(({ sites }) => sites.map(({ host }) => host)))].sort()
  const unreachable = unreachableUpstream.match?.map((match) => ({ ...match, host: hosts })) ?? []
  const routes = [
    ...all.flatMap(errorsOf),
    ...(hosts.length === 0 ? [] : [{ ...unreachableUpstream, match: unreachable }]),
  ]
  return routes.map((route, index) => ({ '@id': `stack.errors.${index}.${kind}`, ...route }))
}

function errorsOf(part: RoutePart): readonly SiteRoute[] {
  return part.isUp ? contentOf(part).errors : []
}

/** What is down without anybody having stopped it says so as well. */
const unreachableUpstream: SiteRoute = {
  match: [{ expression: '{http.error.status_code} in [502, 503, 504]' }],
  handle: [isDown],
}

function isRedirected({ sites }: SiteEntry, { onlyHttps }: Front): boolean {
  const tls = sites[0]?.tls
  return tls === 'auto' || (tls === 'internal' && onlyHttps)
}

function redirect({ route }: SiteEntry, { httpsPort }: Front): SiteRoute {
  const port = httpsPort === 443 ? '' : `:${httpsPort}`
  const headers = { Location: [`https://{http.request.host}${port}{http.request.uri}`] }
  return {
    match: route.match ?? [],
    handle: [{ handler: 'static_response', status_code: 308, headers }],
    terminal: true,
  }
}

function policiesOf(parts: readonly RoutePart[], { acme }: Front): readonly Policy[] {
  const own = parts.flatMap((part) => contentOf(part).policies)
  const special = new Set(own.flatMap(({ subjects = [] }) => subjects))
  const hosts = (tls: Site['tls']): readonly string[] => {
    const sites = parts.flatMap((part) => part.sites).filter((site) => site.tls === tls && !special.has(site.host))
    return [...new Set(sites.map((site) => site.host))].sort()
  }
  const [internal, auto] = [hosts('internal'), hosts('auto')]
  const isUsual = acme.ca === null && acme.email === null
  return [
    ...own,
    ...(internal.length === 0 ? [] : [{ subjects: [...internal], issuers: [{ module: 'internal' }] }]),
    ...(auto.length === 0 || isUsual ? [] : [{ subjects: [...auto], issuers: [authorityOf(acme)] }]),
  ]
}

function authorityOf({ ca, email, root }: Acme) {
  return {
    module: 'acme',
    ...(ca === null ? {} : { ca }),
    ...(email === null ? {} : { email }),
    ...(root === null ? {} : { trusted_roots_pem_files: [`${sharedFolder}/${rootFile(root)}`] }),
  }
}

/** Named after what is in it: another root is another configuration. */
export function rootFile(root: string): string {
  return `acme-root-${digest(root).slice(0, 16)}.pem`
}
