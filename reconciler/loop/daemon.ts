import type { Desired } from '../model/desired.ts'
import type { RunEvent } from '../model/event.ts'
import type { Revision, StackletId } from '../model/names.ts'
import type { Pace, Settings } from '../model/settings.ts'
import { type Trigger, triggerWords } from '../model/trigger.ts'
import type { UpdateReport } from '../model/update-report.ts'
import type { Held } from '../ports/host-lock.ts'
import type { World } from '../ports/world.ts'
import { hold } from './hold.ts'
import { keepWatching, type Watcher } from './keep-watching.ts'
import { loadDesired } from './load-desired.ts'
import { nextRunMs } from './next-run.ts'
import type { RunReport } from './outcome.ts'
import { ownSteps } from './own-steps.ts'
import { createQueue } from './queue.ts'
import { notCommitted, type RunRequest, reconcile } from './reconcile.ts'
import { asStackError, reportError } from './report-error.ts'

export interface DaemonRequest {
  readonly home: string
  readonly watchers: readonly Watcher[]
  /** Takes new images as far as policy allows: what the schedule of updates asks for. */
  readonly update: (told: UpdateTold, signal: AbortSignal) => Promise<UpdateReport>
  /** Called after each run; null where none could begin. From the first one on this host is looked after. */
  readonly onLooked: (report: RunReport | null) => void
}

export type UpdateTold = Pick<RunRequest, 'watch' | 'onWait'>

/** What watchers are given: to say that there is a reason to look, and to know what they need to see one. */
export interface WatcherTools {
  readonly world: Pick<World, 'clock' | 'events' | 'slots' | 'upstream'>
  readonly request: (trigger: Trigger) => void
  readonly settings: () => Settings
  readonly pace: () => Pace
  /** The commit that was looked at last. */
  readonly revision: () => Revision | null
  /** This instance's id; null before the first run. */
  readonly instance: () => string | null
  /** Whose a container without our labels is, because it was adopted. */
  readonly ownerOf: (container: { readonly name: string; readonly project: string | null }) => StackletId | null
  /** Whether a step of ours was at work on this stacklet then. */
  readonly wasOurs: (stacklet: StackletId, atMs: number) => boolean
  /** Somebody may be stopping it by hand: for that long nothing starts it. */
  readonly onStopping: (halt: Halt & { readonly forMs: number }) => void
  readonly onHold: (halt: Halt) => void
  /** Who stopped it is known: nothing stands in the way of a run. */
  readonly onSettled: (stacklet: StackletId) => void
  readonly log: World['log']
}

export interface Halt {
  readonly stacklet: StackletId
  readonly container: string
  readonly atMs: number
}

/**
 * Keeps the host equal to git until cancelled; what is under way then is finished or ended. One daemon an instance: throws
 * `STACK_LOCKED`, naming the other, where there is one already.
 */
export async function daemon(world: World, request: DaemonRequest, signal: AbortSignal): Promise<void> {
  const held: Held = await world.daemonLock.take({ waitMs: 0, onWait: () => {} }, signal)
  try {
    await held.announce('stack daemon')
    await serve(world, request, signal)
  } finally {
    await held.release()
  }
}

async function serve(world: World, request: DaemonRequest, signal: AbortSignal): Promise<void> {
  const { home, watchers, onLooked, update } = request
  const state = await firstState(world, home, signal)
  const queue = createQueue({ clock: world.clock, run: runner(world, { state, home, onLooked, update }, signal) })
  const tools = toolsFor(world, { state, home, request: queue.request }, signal)
  queue.request({ reason: 'start', about: null })
  const watching = watchers.map((watcher) => keepWatching(watcher, tools, signal))
  await Promise.all([queue.serve(signal), ...watching])
}

/** What is known from run to run. */
interface State {
  desired: Desired
  instance: string | null
  /** Containers that were adopted, by project and name. */
  adopted: ReadonlyMap<string, StackletId>
  failures: number
  readonly own: ReturnType<typeof ownSteps>
  /** Stacklets that somebody may be stopping, and until when that is looked into. */
  readonly undecided: Map<StackletId, number>
  /** Stacklets whose hold is being written down. */
  readonly holding: Set<StackletId>
}

async function firstState(world: World, home: string, signal: AbortSignal): Promise<State> {
  const { desired, host } = await loadDesired(world, 'head', home, signal)
  if (desired.revision === null) throw notCommitted()
  // Known from the first moment on: what the engine tells of our containers bears it.
  const { instance } = await world.host.keep(host)
  const adopted = await adoptedNow(world)
  const nothing = { failures: 0, own: ownSteps(), undecided: new Map(), holding: new Set<StackletId>() }
  return { desired, instance, adopted, ...nothing }
}

async function adoptedNow({ ledger }: World): Promise<State['adopted']> {
  const { entries } = await ledger.read()
  const names = Object.values(entries).flatMap((entry) =>
    Object.keys(entry.containers).map((name) => [keyOf(name, entry.project?.name ?? null), entry.id] as const),
  )
  return new Map(names)
}

function keyOf(name: string, project: string | null): string {
  return `${project ?? ''}/${name}`
}

interface Running {
  readonly state: State
  readonly home: string
  readonly onLooked: DaemonRequest['onLooked']
  readonly update: DaemonRequest['update']
}

const lockWaitMs = 24 * 3_600_000
const fetching: readonly Trigger['reason'][] = ['start', 'push', 'schedule', 'interval']

function runner(world: World, { state, home, onLooked, update }: Running, signal: AbortSignal) {
  return async (triggers: readonly Trigger[], superseded: AbortSignal): Promise<number | null> => {
    const trigger = triggerWords(triggers)
    world.log.debug('looking', { trigger })
    const told = {
      watch: (event: RunEvent) => {
        state.own.note(event)
        logEvent(world.log, event)
      },
      onWait: (sentence: string) => world.log.info('waiting for another run', { who: sentence }),
    }
    const asked = {
      ...told,
      trigger,
      home,
      superseded,
      yes: false,
      isInteractive: false,
      isUnattended: true,
      isSecondChance: isScheduled('nightly', triggers),
      followsGit: triggers.some(({ reason }) => fetching.includes(reason)),
      leftAlone: () => undecidedNow(state, world.clock.nowMs()),
      onLoaded: (desired: Desired) => {
        state.desired = desired
      },
      waitMs: lockWaitMs,
    }
    const report = await reconcile(world, asked, signal).catch((thrown: unknown) => failed(world, thrown, signal))
    if (signal.aborted) return null
    if (report !== null) logReport(world.log, report)
    if (isScheduled('updates', triggers)) await takeUpdates(world, update, told, signal)
    onLooked(report)
    return afterRun(world, state, report)
  }
}

function isScheduled(name: string, triggers: readonly Trigger[]): boolean {
  return triggers.some(({ reason, about }) => reason === 'schedule' && about === name)
}

async function takeUpdates(
  world: World,
  update: DaemonRequest['update'],
  told: UpdateTold,
  signal: AbortSignal,
): Promise<void> {
  const report = await update(told, signal).catch((thrown: unknown) => failed(world, thrown, signal))
  for (const { stacklet, service, image, current, candidate, decision, because } of report?.images ?? []) {
    const fields = { stacklet, service, image, current, candidate, because }
    if (decision === 'put-back' || decision === 'failed') world.log.warn(`image ${decision}`, fields)
    else if (decision !== 'up-to-date') world.log.info(`image ${decision}`, fields)
  }
}

function failed({ log }: World, thrown: unknown, signal: AbortSignal): null {
  if (!signal.aborted) log.warn('a run could not begin', { ...reportError(asStackError(thrown)) })
  return null
}

async function afterRun(world: World, state: State, report: RunReport | null): Promise<number | null> {
  const isWell = report !== null && report.outcome.kind !== 'failed'
  state.failures = isWell ? 0 : state.failures + 1
  state.instance = (await world.host.facts(null).catch(() => null))?.instance ?? state.instance
  state.adopted = await adoptedNow(world).catch(() => state.adopted)
  const { standings } = await world.standings.read().catch(() => ({ standings: {} }))
  const outcome = report?.outcome ?? null
  const { failures } = state
  const nextMs = nextRunMs({ outcome, standings: Object.values(standings), nowMs: world.clock.nowMs(), failures })
  const times = [...state.undecided.values(), ...(nextMs === null ? [] : [nextMs])]
  return times.length === 0 ? null : Math.min(...times)
}

/** What is decided has to be written down, on a machine that may be busy. */
const slackMs = 5_000

function undecidedNow({ undecided, holding }: State, nowMs: number): readonly StackletId[] {
  for (const [id, untilMs] of undecided) if (untilMs <= nowMs) undecided.delete(id)
  return [...undecided.keys(), ...holding]
}

interface Tooling {
  readonly state: State
  readonly home: string
  readonly request: (trigger: Trigger) => void
}

function toolsFor(world: World, { state, home, request }: Tooling, signal: AbortSignal): WatcherTools {
  return {
    world,
    request,
    log: world.log,
    settings: () => state.desired.settings,
    pace: () => state.desired.pace,
    revision: () => state.desired.revision,
    instance: () => state.instance,
    ownerOf: ({ name, project }) => state.adopted.get(keyOf(name, project)) ?? null,
    wasOurs: state.own.wasOurs,
    onStopping({ stacklet, atMs, forMs }) {
      state.undecided.set(stacklet, world.clock.nowMs() + forMs + slackMs)
      noteOthers(world, state, atMs).catch(() => {})
    },
    onSettled: (stacklet) => void state.undecided.delete(stacklet),
    onHold(halt) {
      // Until the hold is written down, a run that begins must not take it for drift.
      state.holding.add(halt.stacklet)
      const look = () => {
        state.holding.delete(halt.stacklet)
        request({ reason: 'engine', about: halt.stacklet })
      }
      holdByHand(world, state, home, halt, signal).then(look, (thrown: unknown) => {
        failed(world, thrown, signal)
        look()
      })
    },
  }
}

/** Another process of ours may be at work: `stack restart` stops containers, too. Its journal says so. */
async function noteOthers({ records }: World, { own }: State, atMs: number): Promise<void> {
  const since = new Date(atMs - 3_600_000).toISOString()
  for (const event of await records.events(since)) own.note(event)
}

async function holdByHand(
  world: World,
  { desired }: State,
  home: string,
  { stacklet, container }: Halt,
  signal: AbortSignal,
): Promise<void> {
  const { holdMs } = desired.pace
  const isRunning = desired.stacklets.some(({ id, state }) => id === stacklet && state === 'running')
  if (holdMs === 0 || !isRunning) return
  const why = `${container} was stopped by hand`
  await hold(world, { id: stacklet, by: 'hand', why, forMs: holdMs, home }, signal)
  world.log.info('on hold', { stacklet, container })
}

function logEvent(log: World['log'], event: RunEvent): void {
  const { kind, at: _at, ...fields } = event
  if (kind === 'step-progress') log.debug(words[kind], fields)
  else if (kind === 'step-failed') log.warn(words[kind], fields)
  else log.info(words[kind], fields)
}

const words: Readonly<Record<RunEvent['kind'], string>> = {
  'run-started': 'run started',
  'step-started': 'step started',
  'step-progress': 'step says',
  'step-finished': 'step finished',
  'step-failed': 'step failed',
  'step-skipped': 'step skipped',
  'run-ended': 'run ended',
}

/** A run that had nothing to do is told where somebody wants to know everything. */
function logReport(log: World['log'], { run, revision, outcome, steps, notes }: RunReport): void {
  const fields = {
    run,
    revision,
    outcome: outcome.kind,
    steps: steps.length,
    notes: notes.map(({ message }) => message),
  }
  const error = outcome.kind === 'failed' || outcome.kind === 'stalled' ? reportError(outcome.error) : null
  if (error !== null)
    log.warn('run ended badly', { ...fields, code: error.code, error: error.message, hint: error.hint })
  else if (steps.length > 0 || outcome.kind !== 'converged') log.info('run ended', fields)
  else log.debug('nothing to do', fields)
}
