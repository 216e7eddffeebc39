import type { DesiredStacklet } from '../../model/desired.ts'
import type { StackletId } from '../../model/names.ts'
import type { Front, RoutePart, ServedRoutes } from '../../model/route.ts'
import { isLeftAlone } from '../drift-notes.ts'
import { propose } from '../propose.ts'
import { hasChanged, isInSync, type Situation } from '../situation.ts'
import type { ProposedStep, Step } from '../step.ts'
import type { Facts } from './rule.ts'

/**
 * What runs is served under its names once it is well, what stops says so before it does, and what leaves gives its names up. What
 * somebody else made of the proxy's configuration is put right.
 */
export function planRoutes(facts: Facts): readonly ProposedStep[] {
  const { desired, actual, situations } = facts
  const { served } = actual
  if (served === null || desired.front === null) return []
  const own = situations.filter((one) => !isLeftAlone(one, desired)).flatMap((one) => stepsFor(one, served))
  const steps = [...own, ...leavingRoutes(facts, served)]
  const because = reasonToRestore(served, desired.front)
  const isLeft = steps.length > 0 || !desired.pace.selfHeal || because === null
  const restore = isLeft ? [] : [propose({ kind: 'restore-routes', because })]
  return [...steps, ...restore, ...reviveProxy(facts, served)]
}

/** A Caddy of the host that is gone is nobody's to start: the run that cannot serve what it should says so. */
function reasonToRestore({ isLive, isAltered, parts }: ServedRoutes, { admin }: Front) {
  if (isLive) return isAltered ? 'changed on the host' : null
  return admin !== null && parts.length > 0 ? 'Caddy does not answer' : null
}

function stepsFor(situation: Situation, served: ServedRoutes): readonly ProposedStep[] {
  const { wanted } = situation
  const now = servedOf(wanted.id, served)
  if (wanted.state === 'absent') return []
  if (wanted.state !== 'running') return closeRoute(wanted, wanted.state, now)
  if (!hasRoutes(wanted)) return now === null ? [] : [unroute(wanted.id, 'no longer declared', 'gone')]
  const because = reasonToRoute(situation, now, served)
  if (because === null) return []
  const route = propose({ kind: 'route', stacklet: wanted.id, because })
  return wanted.part === null
    ? [propose({ kind: 'check-route', stacklet: wanted.id, because: 'not proved yet' }), route]
    : [route]
}

function hasRoutes({ routes, snippet }: DesiredStacklet): boolean {
  return routes.length > 0 || snippet !== null
}

type RouteReason = Extract<Step, { kind: 'route' }>['because']

/** A part that nobody could be asked about yet is what it was, unless git says something new. */
function reasonToRoute(situation: Situation, now: RoutePart | null, served: ServedRoutes): RouteReason | null {
  const { wanted, entry } = situation
  if (now === null) return 'missing'
  if (!now.isUp) return 'was down'
  const isNew = wanted.part === null ? entry === null || hasChanged(situation) : wanted.part.digest !== now.digest
  if (isNew) return 'routes changed'
  return served.altered.includes(wanted.id) ? 'changed on the host' : null
}

function closeRoute(
  wanted: DesiredStacklet,
  state: 'stopped' | 'paused',
  now: RoutePart | null,
): readonly ProposedStep[] {
  const because = state === 'stopped' ? 'declared stopped' : 'declared paused'
  const isClosed = wanted.part === null ? now?.isUp !== true : now?.isUp === false && now.digest === wanted.part.digest
  if (!hasRoutes(wanted)) return now === null ? [] : [unroute(wanted.id, 'no longer declared', 'gone')]
  return isClosed ? [] : [unroute(wanted.id, because, 'down')]
}

function leavingRoutes({ desired, situations }: Facts, served: ServedRoutes): readonly ProposedStep[] {
  const absent = [
    ...situations.filter(({ wanted }) => wanted.state === 'absent').map(({ wanted }) => wanted.id),
    ...desired.gone,
  ]
  const listed = new Set<StackletId>([...desired.stacklets.map(({ id }) => id), ...desired.gone])
  return served.parts.flatMap((part) => {
    if (absent.includes(part.stacklet)) return [unroute(part.stacklet, 'declared absent', 'gone')]
    if (listed.has(part.stacklet) || desired.pace.prune === 'keep') return []
    if (desired.pace.prune === 'destroy') return [unroute(part.stacklet, 'no longer listed', 'gone')]
    return part.isUp ? [unroute(part.stacklet, 'no longer listed', 'down')] : []
  })
}

function unroute(
  stacklet: StackletId,
  because: Extract<Step, { kind: 'unroute' }>['because'],
  to: 'down' | 'gone',
): ProposedStep {
  return propose({ kind: 'unroute', stacklet, because, to })
}

function servedOf(id: StackletId, { parts }: ServedRoutes): RoutePart | null {
  return parts.find((part) => part.stacklet === id) ?? null
}

/** Longer than a Caddy takes to start. */
const patienceMs = 10_000

/** A Caddy that runs and lets nobody in has lost its door to an edit: when it starts anew, it has ours. */
function reviveProxy({ desired, actual, situations }: Facts, served: ServedRoutes): readonly ProposedStep[] {
  const proxy = situations.find(({ wanted }) => wanted.id === desired.front?.stacklet)
  const isSilent = !served.isLive && proxy !== undefined && proxy.wanted.state === 'running' && isInSync(proxy)
  if (!isSilent || !desired.pace.selfHeal || proxy.unwell.length > 0) return []
  const old = proxy.containers.filter(({ startedAtMs }) => actual.nowMs - startedAtMs > patienceMs)
  if (old.length === 0) return []
  const stacklet = proxy.wanted.id
  return [
    ...old.map(({ name, id }) =>
      propose({ kind: 'restart', stacklet, container: name, containerId: id, because: 'unhealthy' }, [
        { field: `${name} admin API`, want: 'answers', got: 'silent', cause: 'changed on the host' },
      ]),
    ),
    propose({ kind: 'await-health', stacklet, because: 'unhealthy' }),
  ]
}
