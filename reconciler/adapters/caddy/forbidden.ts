import type { Snippet } from '../../model/route.ts'
import type { RouteComplaint } from '../../ports/front-proxy.ts'
import { lineOf } from './part-of.ts'

/** What a site must not do, though Caddy would: reach Caddy's own door, or files that are none of its business. */
export function forbiddenIn(value: unknown, snippet: Snippet): readonly RouteComplaint[] {
  if (Array.isArray(value)) return value.flatMap((item) => forbiddenIn(item, snippet))
  if (typeof value !== 'object' || value === null) return explainText(value, snippet)
  const table = value as Readonly<Record<string, unknown>>
  return [...explainHandler(table, snippet), ...Object.values(table).flatMap((item) => forbiddenIn(item, snippet))]
}

function explainHandler(table: Readonly<Record<string, unknown>>, snippet: Snippet): readonly RouteComplaint[] {
  const { dial, root, handler } = table
  if (typeof dial === 'string' && (dial.startsWith('unix') || dial.startsWith('{'))) {
    const message = `reverse_proxy to ${dial} could reach Caddy's own admin API`
    return [{ message, hint: 'proxy to a service by name and port', at: lineOf('reverse_proxy', snippet) }]
  }
  if (typeof root === 'string' && ownFolders.test(root)) {
    const message = `files below ${root} are Caddy's own, keys of certificates among them`
    return [{ message, hint: 'serve files from a service of the stacklet', at: lineOf('root', snippet) }]
  }
  if (handler === 'acme_server') {
    return [{ message: 'acme_server gives certificates to everybody', hint: 'take it out', at: lineOf('', snippet) }]
  }
  return []
}

/** The root of everything, what Caddy keeps, and whatever leads upwards to it. */
const ownFolders = /^\/(?:$|data|config|run|etc|proc|root|var)|\.\.|^\{/

function explainText(value: unknown, snippet: Snippet): readonly RouteComplaint[] {
  const found = typeof value === 'string' ? /\{(?:file\.|env\.)[^}]*\}/.exec(value)?.[0] : undefined
  if (found === undefined) return []
  return [{ message: `${found} reads what is Caddy's own`, hint: 'write the value itself', at: lineOf(found, snippet) }]
}
