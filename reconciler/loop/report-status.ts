import type { Actual, ContainerHealth, ObservedContainer } from '../model/actual.ts'
import type { Desired, DesiredStacklet } from '../model/desired.ts'
import type { StackletId } from '../model/names.ts'
import { formatPosition, type Problem } from '../model/problem.ts'
import type { Front } from '../model/route.ts'
import type { Stacklet } from '../model/stacklet.ts'
import type {
  CertificateStatus,
  Condition,
  HostStatus,
  LastRun,
  SiteStatus,
  StackletState,
  StackletStatus,
} from '../model/status.ts'
import { blockedStacklets } from '../plan/blocked.ts'
import { isDone, isUp } from '../plan/container-state.ts'
import { containersOf } from '../plan/ownership.ts'
import { planRoutes } from '../plan/rules/routes.ts'
import { driftWords, isInSync, type Situation, situationOf } from '../plan/situation.ts'
import { holdOn, standingNotes } from '../plan/standing.ts'
import { stackletOf } from '../plan/step.ts'
import type { World } from '../ports/world.ts'
import { errorsOfWhole } from './load-desired.ts'
import { reportSites } from './report-sites.ts'

/** A probe that hangs costs a person at most this, however many of them hang: all are asked at once. */
const probeMs = 3_000

/** How everything stands, declared or not. Reads only. */
export async function reportStatus(
  world: World,
  desired: Desired,
  actual: Actual,
  signal: AbortSignal,
): Promise<HostStatus> {
  const unattended = { ...desired, isUnattended: true }
  const blocked = blockedStacklets(desired, actual)
  const told = [...blockedStacklets(unattended, actual).values(), ...standingNotes(desired, actual)]
  const sites = await reportSites(world, desired, actual, signal)
  const unserved = unservedIn(desired, actual)
  const declared = desired.stacklets.map(async (wanted) => {
    const status = statusOfDeclared(wanted, desired, actual)
    const isMoved = unserved.has(wanted.id)
    const notes = told.filter(({ stacklet, kind }) => stacklet === wanted.id && kind !== 'hold')
    return {
      ...status,
      ...addresses(status.url, sites.urls.get(wanted.id) ?? []),
      hold: holdStatus(wanted, actual),
      notes: notes.map(({ message }) => message),
      inSync: status.inSync && !blocked.has(wanted.id) && !isMoved && wanted.rolledBack === null,
      drift: isMoved && status.inSync ? [...status.drift, 'routes'] : status.drift,
      health: await probedHealth(world, wanted, status, signal),
    }
  })
  const undeclared = desired.undeclared.map((stacklet) => statusOfUndeclared(stacklet, desired, actual))
  const stacklets = [...(await Promise.all(declared)), ...undeclared].sort((one, other) => (one.id < other.id ? -1 : 1))
  const { certificates } = sites
  const last = await world.records.readLastRun()
  const condition = withCertificates(conditionOf(desired, last), certificates, desired.front)
  const { host, revision } = desired
  return { host, revision, condition, notes: last?.notes ?? [], stacklets, certificates }
}

/** Whose names lead elsewhere than declared, or nowhere. */
function unservedIn(desired: Desired, actual: Actual): ReadonlySet<StackletId | null> {
  const situations = desired.stacklets.map((wanted) => situationOf(wanted, desired, actual))
  return new Set(planRoutes({ desired, actual, situations }).map(({ step }) => stackletOf(step)))
}

function addresses(usual: string | null, urls: readonly SiteStatus[]): Pick<StackletStatus, 'url' | 'urls'> {
  const answering = urls.find(({ answers }) => answers) ?? urls[0]
  return { url: answering?.url ?? usual, urls }
}

/** Nothing is wrong yet, and will be. */
function withCertificates(
  condition: Condition,
  certificates: readonly CertificateStatus[],
  front: Front | null,
): Condition {
  const ending = certificates.find(({ isEnding }) => isEnding)
  if (!condition.ready || ending === undefined) return condition
  const { host, daysLeft, until } = ending
  const left = daysLeft > 1 ? `has ${daysLeft} days left` : `ends on ${until}`
  const where = front?.stacklet ? `stack logs ${front.stacklet}` : `the log of Caddy at ${front?.admin}`
  const message = `the certificate of ${host} ${left} and was not renewed; ${where} says why`
  return { ready: false, reason: 'CertificateEnding', message, since: null }
}

function statusOfDeclared(wanted: DesiredStacklet, desired: Desired, actual: Actual): StackletStatus {
  const situation = situationOf(wanted, desired, actual)
  const containers = containersOf(wanted.id, actual)
  const isSetUp = actual.files[wanted.id]?.isSetUp ?? false
  const state = wanted.stacklet.compose === null ? stateAlone(situation, isSetUp) : stateOf(containers, isSetUp)
  return {
    ...facts(wanted.stacklet, containers, wanted.problems),
    desired: wanted.state,
    state,
    health: worse(healthOf(containers), healthOfServices(situation, state)),
    inSync: isAsDeclared(wanted, state) && (wanted.state !== 'running' || isInSync(situation)),
    drift: driftIn(situation),
    url: wanted.url,
    urls: [],
  }
}

function holdStatus(wanted: DesiredStacklet, actual: Actual): StackletStatus['hold'] {
  const hold = holdOn(wanted, actual)
  if (hold === null) return null
  const until = hold.untilMs === null ? null : new Date(hold.untilMs).toISOString()
  return { by: hold.by, why: hold.why, since: new Date(hold.sinceMs).toISOString(), until }
}

/** What git has taken elsewhere meanwhile did not drift there. */
function driftIn(situation: Situation): readonly string[] {
  const { wanted, entry } = situation
  const isDrift = wanted.state === 'running' ? entry !== null : entry?.state === wanted.state
  return isDrift && wanted.state !== 'absent' ? driftWords(situation) : []
}

/** Without containers, it runs from its first run until it is stopped. */
function stateAlone({ entry }: Situation, isSetUp: boolean): StackletState {
  if (!isSetUp) return 'available'
  return entry?.state === 'stopped' ? 'stopped' : 'running'
}

function healthOfServices({ wanted, silent }: Situation, state: StackletState): ContainerHealth {
  if (state !== 'running' || wanted.state !== 'running' || !wanted.services.some((one) => one.check !== null))
    return 'none'
  return silent.length > 0 ? 'unhealthy' : 'healthy'
}

function worse(one: ContainerHealth, other: ContainerHealth): ContainerHealth {
  return worstFirst.find((health) => health === one || health === other) ?? 'none'
}

const worstFirst = ['unhealthy', 'starting', 'healthy', 'none'] as const

function isAsDeclared(wanted: DesiredStacklet, state: StackletState): boolean {
  if (wanted.state === 'stopped') return state === 'stopped' || state === 'available'
  if (wanted.state === 'absent') return state === 'available'
  return state === wanted.state || (wanted.project === null && state === 'running')
}

function statusOfUndeclared(stacklet: Stacklet, desired: Desired, actual: Actual): StackletStatus {
  const containers = containersOf(stacklet.id, actual)
  const problems = desired.problems.filter((problem) => problem.about === stacklet.id)
  return {
    ...facts(stacklet, containers, problems),
    desired: 'undeclared',
    state: stateOf(containers, actual.files[stacklet.id]?.isSetUp ?? false),
    health: healthOf(containers),
    inSync: containers.length === 0,
    drift: [],
    url: null,
    urls: [],
  }
}

function facts(stacklet: Stacklet, containers: readonly ObservedContainer[], problems: readonly Problem[]) {
  return {
    id: stacklet.id,
    name: stacklet.name,
    description: stacklet.description,
    version: stacklet.version,
    category: stacklet.category,
    port: stacklet.port,
    alwaysOn: stacklet.alwaysOn,
    hold: null,
    notes: [],
    containers: containers.map(({ name, id, service, image, state, health }) => ({
      name,
      id,
      service,
      image,
      state,
      health,
    })),
    problems,
  }
}

function stateOf(containers: readonly ObservedContainer[], isSetUp: boolean): StackletState {
  if (containers.length === 0) return isSetUp ? 'stopped' : 'available'
  if (containers.some((one) => one.state === 'paused')) return 'paused'
  const isRunning = containers.some(isUp) && containers.every((one) => isUp(one) || isDone(one))
  return isRunning || containers.every(isDone) ? 'running' : stateOfPartial(containers)
}

/** Part up, part down is running and unhealthy; nothing up is stopped. */
function stateOfPartial(containers: readonly ObservedContainer[]): StackletState {
  return containers.some(isUp) ? 'running' : 'stopped'
}

function healthOf(containers: readonly ObservedContainer[]): ContainerHealth {
  if (!containers.some(isUp)) return 'none'
  const isBroken = containers.some(
    (one) => !isDone(one) && (!isUp(one) || one.state === 'restarting' || one.health === 'unhealthy'),
  )
  if (isBroken) return 'unhealthy'
  if (containers.some((one) => one.health === 'starting')) return 'starting'
  return containers.some((one) => one.health === 'healthy') ? 'healthy' : 'none'
}

/** The stacklet's own checks have the last word where its containers are well. */
async function probedHealth(
  world: World,
  wanted: DesiredStacklet,
  status: StackletStatus,
  signal: AbortSignal,
): Promise<ContainerHealth> {
  const isProbed = wanted.health.checks.length > 0 && status.state === 'running' && status.health !== 'unhealthy'
  if (!isProbed) return status.health
  const answers = await Promise.all(wanted.health.checks.map((check) => world.prober.ask(check, probeMs, signal)))
  return answers.every((answer) => answer.passed) ? 'healthy' : 'unhealthy'
}

function conditionOf(desired: Desired, last: LastRun | null): Condition {
  const error = errorsOfWhole(desired)[0]
  if (error !== undefined) {
    const place = error.at === null ? '' : `${formatPosition(error.at)}: `
    return { ready: false, reason: 'Stalled', message: `${place}${error.message}`, since: null }
  }
  if (last === null) return { ready: false, reason: 'NeverRun', message: 'no run yet: stack reconcile', since: null }
  const ready = last.outcome === 'converged'
  const message = last.message ?? words[last.outcome]
  return { ready, reason: reasons[last.outcome], message, since: last.since }
}

const reasons = {
  converged: 'Converged',
  waiting: 'Waiting',
  held: 'Held',
  failed: 'Failed',
  stalled: 'Stalled',
} as const
const words = {
  converged: 'everything is as declared',
  waiting: 'something has to come first: stack plan says what',
  held: 'something waits for consent: stack plan says what',
  failed: 'the last run failed',
  stalled: 'only an edit can help: stack plan says where',
} as const
