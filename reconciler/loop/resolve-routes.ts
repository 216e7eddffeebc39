import { checkSites, type SiteClaim } from '../definitions/check-sites.ts'
import { type Running, targetOf } from '../definitions/route-target.ts'
import type { Actual, ObservedContainer } from '../model/actual.ts'
import type { Desired, DesiredStacklet } from '../model/desired.ts'
import type { Problem, SourcePosition } from '../model/problem.ts'
import type { Front, RoutePart, ServedRoutes, Site } from '../model/route.ts'
import { isUp } from '../plan/container-state.ts'
import { containersOf } from '../plan/ownership.ts'
import type { AdaptAnswer, RouteComplaint, TargetedRoute } from '../ports/front-proxy.ts'
import type { World } from '../ports/world.ts'

/** Fills in what the proxy makes of each stacklet's routes, as far as it can be asked, with what is wrong with them. */
export async function resolveRoutes(
  world: World,
  desired: Desired,
  actual: Actual,
  signal: AbortSignal,
): Promise<Desired> {
  const { front } = desired
  const { served } = actual
  if (front === null || served === null) return desired
  const adapted = await Promise.all(
    desired.stacklets.map(async (wanted) => {
      if (!canBeAsked(wanted)) return wanted
      const answer = await askProxy(
        world,
        wanted,
        { front, served, containers: containersOf(wanted.id, actual) },
        signal,
      )
      if (answer.kind === 'adapted') return { ...wanted, part: answer.part }
      return answer.kind === 'unreachable' ? wanted : refused(wanted, answer.complaints)
    }),
  )
  const stacklets = withSiteClashes(adapted, served)
  const found = stacklets.flatMap((one) => one.problems).filter((problem) => !desired.problems.includes(problem))
  return { ...desired, stacklets, problems: [...desired.problems, ...found] }
}

interface Around {
  readonly front: Front
  readonly served: ServedRoutes
  /** The stacklet's own. */
  readonly containers: readonly ObservedContainer[]
}

/** Without a document, nobody knows yet where its containers listen. */
function canBeAsked({ state, routes, snippet, project, stacklet, problems }: DesiredStacklet): boolean {
  const hasSome = routes.length > 0 || snippet !== null
  const isResolved = routes.length === 0 || project !== null || stacklet.compose === null
  return state !== 'absent' && hasSome && isResolved && !problems.some((problem) => problem.level === 'error')
}

/** Asks the proxy about one stacklet alone. */
export async function askProxy(
  world: World,
  wanted: DesiredStacklet,
  { front, served, containers }: Around,
  signal: AbortSignal,
): Promise<AdaptAnswer> {
  const routes: TargetedRoute[] = []
  const complaints: RouteComplaint[] = []
  for (const route of wanted.routes) {
    const target = targetOf(route, wanted, front, runningIn(containers))
    if (target.kind === 'found')
      routes.push({ ...route, dials: target.dials, isPatient: wanted.stacklet.updateOrder === 'start-first' })
    else complaints.push({ message: target.message, hint: target.hint, at: route.at })
  }
  if (complaints.length > 0) return { kind: 'refused', complaints }
  const known = served.parts.find((part) => part.stacklet === wanted.id)?.digest ?? null
  return world.proxy.adapt({ stacklet: wanted.id, routes, snippet: wanted.snippet, known }, front, signal)
}

function runningIn(containers: readonly ObservedContainer[]): Running {
  const names = containers.filter(isUp).map(({ service, name }) => [service ?? '', name] as const)
  const services = [...new Set(names.map(([service]) => service))]
  const namesOf = (service: string) => names.flatMap(([other, name]) => (other === service ? [name] : [])).sort()
  return Object.fromEntries(services.map((service) => [service, namesOf(service)]))
}

function refused(wanted: DesiredStacklet, complaints: readonly RouteComplaint[]): DesiredStacklet {
  const problems = complaints.map(
    (complaint): Problem => ({ level: 'error', code: 'route', ...complaint, about: wanted.id }),
  )
  return { ...wanted, problems: [...wanted.problems, ...problems] }
}

function withSiteClashes(stacklets: readonly DesiredStacklet[], served: ServedRoutes): readonly DesiredStacklet[] {
  const clashes = checkSites(stacklets.flatMap((wanted) => claimsOf(wanted, served)))
  if (clashes.length === 0) return stacklets
  return stacklets.map((wanted) => {
    const own = clashes.filter(({ about }) => about === wanted.id)
    return own.length === 0 ? wanted : { ...wanted, problems: [...wanted.problems, ...own] }
  })
}

function claimsOf(wanted: DesiredStacklet, { parts }: ServedRoutes): readonly SiteClaim[] {
  const now = parts.find((part) => part.stacklet === wanted.id)
  return (wanted.part?.sites ?? []).map((site) => ({
    id: wanted.id,
    site,
    at: placeOf(site, wanted),
    isServed: now !== undefined && isAmong(site, now),
  }))
}

function isAmong({ host, path }: Site, { sites }: RoutePart): boolean {
  return sites.some((one) => one.host === host && one.path === path)
}

function placeOf({ host, path }: Site, { routes, snippet, stacklet }: DesiredStacklet): SourcePosition {
  const declared = routes.find((route) => route.host === host && route.path === path)
  if (declared !== undefined) return declared.at
  const line = snippet?.text.split('\n').findIndex((text) => text.includes(host)) ?? -1
  return snippet?.lines[Math.max(0, line)] ?? { file: `${stacklet.path}/caddy.snippet`, line: 0, column: 0 }
}
