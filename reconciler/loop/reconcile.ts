import { inTurn } from '../lib/in-turn.ts'
import type { Desired } from '../model/desired.ts'
import { InvalidInstance, StackError } from '../model/errors.ts'
import type { RunEvent } from '../model/event.ts'
import type { RunId, StackletId } from '../model/names.ts'
import { noWish, type Wish } from '../plan/wish.ts'
import type { Held } from '../ports/host-lock.ts'
import type { World } from '../ports/world.ts'
import { event } from './apply.ts'
import { changeRoutes } from './change-routes.ts'
import { type Converged, converge } from './converge.ts'
import { easeStandings } from './ease-standings.ts'
import { followUpstream, type UpstreamAnswer } from './follow-upstream.ts'
import { forgetPrevious } from './forget-previous.ts'
import { errorsOfWhole, type Loaded, loadDesired } from './load-desired.ts'
import type { Outcome, RunReport } from './outcome.ts'
import { rebaseLedger } from './rebase-ledger.ts'
import { asStackError } from './report-error.ts'
import type { RunContext } from './run-context.ts'
import { settle } from './settle.ts'
import { trimJournal } from './trim-journal.ts'

export interface RunRequest {
  /** Why this run: `reconcile by hand`, `push`. Goes into the journal. */
  readonly trigger: string
  readonly yes: boolean
  /** What a person asks of this run beyond what git says. */
  readonly wish?: Wish
  /** True when a person sits at a terminal and a hook may ask. */
  readonly isInteractive: boolean
  /** True when nobody asked for this run: what failed waits for its next try, and nothing is healed for ever. */
  readonly isUnattended?: boolean
  /** True for the nightly run: what was given up is tried once more. */
  readonly isSecondChance?: boolean
  /** Aborted when a newer commit is there. */
  readonly superseded?: AbortSignal
  /** True: what is new at the remote is fetched and followed first. */
  readonly followsGit?: boolean
  /** Stacklets that are looked into at this moment: nothing is done to them. */
  readonly leftAlone?: () => readonly StackletId[]
  /** Called with what is desired, before anything is done for it. */
  readonly onLoaded?: (desired: Desired) => void
  /** How long to wait for another run on this host to end. */
  readonly waitMs: number
  /** For `~` in paths. */
  readonly home: string
  readonly watch: (event: RunEvent) => void
  /** Called once when another run has to end first, with a sentence that says whose it is. */
  readonly onWait: (sentence: string) => void
}

/** One run: take the lock, load what is committed, converge, settle. Throws only for what keeps a run from beginning. */
export async function reconcile(world: World, request: RunRequest, signal: AbortSignal): Promise<RunReport> {
  const held = await world.lock.take({ waitMs: request.waitMs, onWait: request.onWait }, signal)
  try {
    return await reconcileHeld(world, held, request, signal)
  } finally {
    await held.release()
  }
}

/** The same for who holds the lock already. */
export async function reconcileHeld(
  world: World,
  held: Held,
  request: RunRequest,
  signal: AbortSignal,
): Promise<RunReport> {
  const { loaded, followed } = await loadNewest(world, request, signal)
  if (loaded.desired.revision === null) throw notCommitted()
  request.onLoaded?.(loaded.desired)
  return runLoaded(world, held, loaded, { ...request, followed }, signal)
}

interface Newest {
  readonly loaded: Loaded
  readonly followed: UpstreamAnswer | null
}

/** What is committed here, once it is where the remote is. */
async function loadNewest(world: World, { home, followsGit }: RunRequest, signal: AbortSignal): Promise<Newest> {
  const loaded = await loadDesired(world, 'head', home, signal)
  if (followsGit !== true || loaded.desired.revision === null) return { loaded, followed: null }
  const followed = await followUpstream(world.upstream, loaded.desired.settings.git, signal)
  if (followed.moved === null) return { loaded, followed }
  return { loaded: await loadDesired(world, 'head', home, signal), followed }
}

/** What a run does between its look at the desired state and its end. */
export type Work = (context: RunContext, signal: AbortSignal) => Promise<Converged>

/** The run itself, for who holds the lock and knows what is desired. */
export async function runLoaded(
  world: World,
  held: Held,
  loaded: Loaded,
  request: RunRequest & { readonly work?: Work; readonly followed?: UpstreamAnswer | null },
  signal: AbortSignal,
): Promise<RunReport> {
  const run = runId(world)
  const report = reporter({ world, run, loaded, held, request })
  const { yes, isInteractive, wish = noWish, isUnattended = false, superseded = never } = request
  const work = request.work ?? ((context) => converge(context, { yes }, signal))
  const easing = {
    named: isUnattended ? [] : (wish.only ?? []),
    isSecondChance: request.isSecondChance === true,
  }
  await easeStandings(world, easing)
  const { leftAlone = nobody } = request
  const asked = { isInteractive, wish, isUnattended, superseded, leftAlone }
  const converged = await attempt({ world, run, loaded, report, ...asked }, work, signal)
  const { rounds, steps } = converged
  const ended: RunReport = {
    run,
    revision: loaded.desired.revision,
    outcome: outcomeWith(request.followed ?? null, converged.outcome),
    rounds,
    steps,
    notes: [...(request.followed?.notes ?? []), ...converged.notes],
    followed: request.followed?.notes ?? null,
    unseen: loaded.unseen,
  }
  await settle(world, ended, converged, wish.only)
  if (request.isSecondChance === true) await trimJournal(world)
  if (ended.outcome.kind === 'converged') {
    await rebaseLedger(world, converged)
    await forgetPrevious(world, converged.desired, wish.only, signal)
  }
  return ended
}

/** The commit that is here goes on, and yet only a person can bring this host to the newest. */
function outcomeWith(followed: UpstreamAnswer | null, outcome: Outcome): Outcome {
  const stall = followed?.stall ?? null
  return stall === null || outcome.kind === 'failed' ? outcome : { kind: 'stalled', error: stall }
}

type Attempt = Omit<RunContext, 'instance' | 'applied' | 'noting' | 'routing' | 'stuck'>

const never = new AbortController().signal
const nobody = (): readonly StackletId[] => []

async function attempt(context: Attempt, work: Work, signal: AbortSignal): Promise<Converged> {
  const { world, loaded } = context
  const nothing = (outcome: Outcome): Converged => {
    return { outcome, rounds: 0, steps: [], notes: [], desired: loaded.desired, actual: null, others: [] }
  }
  const errors = errorsOfWhole(loaded.desired)
  if (errors.length > 0) return nothing({ kind: 'stalled', error: new InvalidInstance(errors) })
  try {
    const { instance } = await world.host.keep(loaded.host)
    const own = { applied: new Map(), stuck: new Map(), noting: inTurn(), routing: changeRoutes(world) }
    return await work({ ...context, ...own, instance }, signal)
  } catch (thrown) {
    return nothing({ kind: 'failed', error: asStackError(thrown) })
  }
}

interface Reporting {
  readonly world: World
  readonly run: RunId
  readonly loaded: Loaded
  readonly held: Held
  readonly request: RunRequest
}

/** Journals each event before it is shown; the run itself is journalled with its first step, so that an idle run leaves no trace. */
function reporter({ world, run, loaded, held, request }: Reporting): RunContext['report'] {
  let opened: Promise<void> | null = null
  const open = async (): Promise<void> => {
    const { trigger } = request
    const started = event({ world, run }, { kind: 'run-started', revision: loaded.desired.revision, trigger })
    await held.announce(trigger)
    await world.records.append(started)
    request.watch(started)
  }
  return async (happened) => {
    world.log.debug('event', { ...happened })
    if (happened.kind !== 'step-progress') {
      opened ??= open()
      await opened
      await world.records.append(happened)
    }
    request.watch(happened)
  }
}

function runId(world: World): RunId {
  const time = new Date(world.clock.nowMs()).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const chance = Math.floor(world.clock.random() * 0xffff)
  return `${time}-${chance.toString(16).padStart(4, '0')}` as RunId
}

export function notCommitted(): StackError {
  return new StackError('STACK_NOT_COMMITTED', 'this instance has no commit yet, and a run does what is committed', {
    hint: 'git add . && git commit -m "first"',
    terminal: true,
  })
}
