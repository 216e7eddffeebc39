import { siteUrl } from '../definitions/front.ts'
import type { Actual } from '../model/actual.ts'
import type { Desired } from '../model/desired.ts'
import type { StackletId } from '../model/names.ts'
import type { Front, Site } from '../model/route.ts'
import type { CertificateStatus, SiteStatus } from '../model/status.ts'
import type { Visit } from '../ports/site-prober.ts'
import type { World } from '../ports/world.ts'
import { eachAtOnce } from './each-at-once.ts'

export interface SiteReport {
  /** Every address under which a stacklet is served, and whether it really answers there. */
  readonly urls: ReadonlyMap<StackletId, readonly SiteStatus[]>
  /** By host. */
  readonly certificates: readonly CertificateStatus[]
}

/** Visits asked at once: one site that hangs keeps nobody else waiting. */
const visitors = 16

/** Visits every site that is served, as a browser would. Reads only. */
export async function reportSites(
  world: World,
  { front }: Desired,
  { served, nowMs }: Actual,
  signal: AbortSignal,
): Promise<SiteReport> {
  if (front === null || served === null) return { urls: new Map(), certificates: [] }
  const sites = served.parts.flatMap(({ stacklet, sites: own }) => own.map((site) => ({ stacklet, site })))
  const visited = await eachAtOnce(sites, visitors, async ({ stacklet, site }) => {
    return { stacklet, site, visit: await world.sites.visit(site, front, signal) }
  })
  const urls = new Map<StackletId, readonly SiteStatus[]>()
  for (const { stacklet, site, visit } of visited)
    urls.set(stacklet, [...(urls.get(stacklet) ?? []), statusOf(site, visit, front)])
  return { urls, certificates: certificatesOf(visited, nowMs) }
}

function statusOf(site: Site, { answered, why }: Visit, front: Front): SiteStatus {
  return { url: siteUrl(site, front), answers: answered, why }
}

const dayMs = 86_400_000

function certificatesOf(
  visited: readonly { readonly site: Site; readonly visit: Visit }[],
  nowMs: number,
): readonly CertificateStatus[] {
  const found = visited.flatMap(({ site, visit }) =>
    visit.certificate === null ? [] : [{ site, ...visit.certificate }],
  )
  const byHost = new Map(found.map((one) => [one.site.host, one]))
  return [...byHost.values()]
    .map(({ site, fromMs, untilMs }) => ({
      host: site.host,
      tls: site.tls,
      until: new Date(untilMs).toISOString(),
      daysLeft: Math.max(0, Math.floor((untilMs - nowMs) / dayMs)),
      isEnding: isEnding(fromMs, untilMs, nowMs),
    }))
    .sort((one, other) => (one.host < other.host ? -1 : 1))
}

/**
 * Below 14 days nobody has renewed what should have been renewed long ago. One that is made for hours, as Caddy's own are, is ending
 * when as large a part of its life is over.
 */
function isEnding(fromMs: number, untilMs: number, nowMs: number): boolean {
  const leftMs = untilMs - nowMs
  return leftMs < 14 * dayMs && leftMs * 6 < untilMs - fromMs
}
