import { usualTls } from '../lib/usual-tls.ts'
import type { Problem } from '../model/problem.ts'
import type { Route, RouteDeclaration, Snippet } from '../model/route.ts'
import type { Stacklet } from '../model/stacklet.ts'
import type { DesiredEntry } from './desired-document.ts'
import { frontOf, siteUrl } from './front.ts'
import { renderText } from './render-text.ts'
import type { HostContext } from './resolve-stacklet.ts'
import { readSnippet } from './snippet.ts'
import { stackletVariables, urlOf, type Variables } from './variables.ts'

interface Routing {
  readonly routes: readonly Route[]
  readonly snippet: Snippet | null
  /** Where a person reaches it. */
  readonly url: string | null
  readonly problems: readonly Problem[]
}

/** What a stacklet serves under names: nothing in port mode. desired.toml's routes stand in for those of its manifest. */
export function resolveRouting(entry: DesiredEntry, stacklet: Stacklet, host: HostContext): Routing {
  const usual = urlOf(stacklet, host.settings, host.address)
  const front = frontOf(host.settings, null)
  if (front === null) return { routes: [], snippet: null, url: usual, problems: [] }
  const { domain } = host.settings.core
  const variables = stackletVariables(host.variables, stacklet, null)
  const declared = entry.routes.length > 0 ? entry.routes : stacklet.routes
  const routes = declared.map((route) => rendered(route, stacklet, domain, variables))
  const snippet = stacklet.snippet === null ? null : readSnippet(stacklet.snippet, domain)
  return {
    routes,
    snippet: snippet?.snippet ?? null,
    url: routes[0] === undefined ? usual : siteUrl(routes[0], front),
    problems: routes.flatMap((route) => faultsOf(route, stacklet)),
  }
}

function rendered(route: RouteDeclaration, stacklet: Stacklet, domain: string, variables: Variables): Route {
  const usual = `${stacklet.id.replaceAll('_', '-')}.${domain}`
  const host = route.host === null ? usual : renderText(route.host, variables, stacklet.id).text.toLowerCase()
  return { ...route, host, tls: route.tls ?? usualTls(host) }
}

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/

function faultsOf({ host, at }: Route, { id }: Stacklet): readonly Problem[] {
  if (host.length <= 253 && host.split('.').every((part) => label.test(part))) return []
  const message = `${JSON.stringify(host)} is not the name of a host`
  const hint = 'write it like "photos.home.internal", without http:// or a path'
  return [{ level: 'error', code: 'route', message, hint, at, about: id }]
}
