import { z } from 'zod'
import { digest } from '../../lib/digest.ts'
import type { Digest, StackletId } from '../../model/names.ts'
import { type RoutePart, type Site, tlsKinds } from '../../model/route.ts'
import { canonical, Policy, SiteRoute } from './config.ts'

/** What a part holds, in Caddy's words. */
export interface PartContent {
  readonly entries: readonly SiteEntry[]
  /** What is to be done with requests that fail. */
  readonly errors: readonly SiteRoute[]
  /** How certificates are had that are not had as usual. */
  readonly policies: readonly Policy[]
}

/** One route with the sites that it is for, which have one kind of certificate. */
export interface SiteEntry {
  readonly sites: readonly Site[]
  readonly route: SiteRoute
}

const SiteText = z.object({ host: z.string(), path: z.string(), tls: z.enum(tlsKinds) })
const Content = z.object({
  entries: z.array(z.object({ sites: z.array(SiteText), route: SiteRoute })),
  errors: z.array(SiteRoute),
  policies: z.array(Policy),
})

export function makePart(stacklet: StackletId, content: PartContent): RoutePart {
  const sites = content.entries.flatMap((entry) => entry.sites)
  const text = canonical(content)
  return { stacklet, isUp: true, sites, content: text, digest: digest(text).slice(0, 16) as Digest }
}

export function contentOf({ content }: RoutePart): PartContent {
  return Content.parse(JSON.parse(content))
}

const Parts = z.array(
  z.object({
    stacklet: z.string(),
    isUp: z.boolean(),
    sites: z.array(SiteText),
    content: z.string(),
    digest: z.string(),
  }),
)

/** What we wrote down of the parts that were loaded; none where it cannot be read: then they are loaded again. */
export function readParts(text: string | null): readonly RoutePart[] {
  if (text === null) return []
  try {
    return Parts.parse(JSON.parse(text)) as unknown as readonly RoutePart[]
  } catch {
    return []
  }
}

export function partsText(parts: readonly RoutePart[]): string {
  return `${JSON.stringify(inOrder(parts), null, 1)}\n`
}

export function inOrder(parts: readonly RoutePart[]): readonly RoutePart[] {
  return [...parts].sort((one, other) => (one.stacklet < other.stacklet ? -1 : 1))
}
