import { findInstance } from './adapters/host/find-instance.ts'
import type { Answers } from './definitions/new-instance.ts'
import { type AdoptRequest, adopt } from './loop/adopt/adopt.ts'
import type { Adopted } from './loop/adopt/adopted.ts'
import { approve, type HeldNote, heldNotes } from './loop/approve.ts'
import { type DaemonRequest, daemon } from './loop/daemon.ts'
import { type Declared, type DeclareRequest, declare } from './loop/declare.ts'
import { type Diagnosis, type DoctorRequest, doctor } from './loop/doctor/doctor.ts'
import { type HoldRequest, hold, type Released, release } from './loop/hold.ts'
import { type InitReport, initInstance, lookForInit } from './loop/init-instance.ts'
import { type Loaded, loadDesired } from './loop/load-desired.ts'
import { type OperateRequest, operate } from './loop/operate.ts'
import { type Operations, operations } from './loop/operations.ts'
import type { RunReport } from './loop/outcome.ts'
import { pastRuns } from './loop/past-runs.ts'
import { idsOf, look, type Preview, preview, unknownStacklet } from './loop/preview.ts'
import { reconcile } from './loop/reconcile.ts'
import { reportStatus } from './loop/report-status.ts'
import { type Restored, type RollbackRequest, rollBack } from './loop/roll-back.ts'
import { runSealed, type SealedRunRequest } from './loop/run-sealed.ts'
import { type SealedPreview, type SealRequest, sealPlan } from './loop/seal-plan.ts'
import { type Uninstalled, type UninstallRequest, uninstall } from './loop/uninstall.ts'
import { toldOf } from './loop/updates/told-of.ts'
import { type UpdateRequest, updateImages } from './loop/updates/update-images.ts'
import { validate } from './loop/validate.ts'
import { type Why, why } from './loop/why.ts'
import type { RenderedEnv } from './model/desired.ts'
import { InvalidInstance, StackError } from './model/errors.ts'
import type { RunEvent } from './model/event.ts'
import type { PastRun } from './model/history.ts'
import type { StackletId } from './model/names.ts'
import type { Problem } from './model/problem.ts'
import type { Hold } from './model/standing.ts'
import type { HostStatus } from './model/status.ts'
import type { UpdateReport } from './model/update-report.ts'
import { noWish } from './plan/wish.ts'
import type { Upstream } from './ports/upstream.ts'
import { type LogWords, wireAdopt, wireDoctor, wireInit, wireUpdateMemory, wireUpdates, wireWorld } from './wiring.ts'

/** The front door: everything outside of reconciler/ comes in here. */
export interface Reconciler extends Operations {
  /** Absolute folder of the instance. */
  readonly instance: string
  /** Absolute folder whose stacklets/ are used; often the same. */
  readonly root: string
  /** Looks after the host until cancelled. Throws `STACK_LOCKED` where another daemon does already. */
  daemon(request: Omit<DaemonRequest, 'home' | 'update'>, signal: AbortSignal): Promise<void>
  /** Where the followed branch stands, and where to see it change. Moves nothing. */
  readonly upstream: Pick<Upstream, 'peek' | 'places'>
  /** Every complaint about every file. Needs no engine. */
  validate(signal: AbortSignal): Promise<readonly Problem[]>
  /** What would change. Reads only; throws `InvalidInstance` where a run would be stalled as a whole. */
  plan(request: { readonly ids: readonly string[]; readonly ref: string | null }, signal: AbortSignal): Promise<Preview>
  /** The same of a commit, with a text that holds the plan and all that it rests on. Throws where it would not be of a commit. */
  seal(request: Omit<SealRequest, 'home'>, signal: AbortSignal): Promise<SealedPreview>
  /** Executes what `seal` wrote: those steps, in one round. Throws `STACK_STALE` where anything is not as it was then. */
  runSealed(request: Asked<SealedRunRequest>, signal: AbortSignal): Promise<RunReport>
  /** One run to convergence from the committed desired state. */
  reconcile(request: ReconcileRequest, signal: AbortSignal): Promise<RunReport>
  /** How everything stands: against the commit a run would use (`head`), or what lies in the work tree. */
  status(from: 'head' | 'work-tree', signal: AbortSignal): Promise<HostStatus>
  /** Declares what stacklets should be in the desired file, commits that, and converges what it needs. */
  declare(request: Asked<DeclareRequest>, signal: AbortSignal): Promise<Declared>
  /** Restarts stacklets, or sets them up again; changes nothing of what is declared. */
  operate(request: Asked<OperateRequest>, signal: AbortSignal): Promise<RunReport>
  /** Takes everything of this instance off the host; tracked files stay. */
  uninstall(request: Asked<UninstallRequest>, signal: AbortSignal): Promise<Uninstalled>
  /** Makes a stacklet of a running Compose project; nothing of it is restarted. */
  adopt(request: AdoptRequest, signal: AbortSignal): Promise<Adopted>
  /** Leaves a stacklet as it is, for `forMs` or until it is released. */
  hold(request: Omit<HoldRequest, 'home' | 'by'>, signal: AbortSignal): Promise<Hold>
  /** Lets go of whatever keeps a stacklet as it is, and says what that was. */
  release(id: string, signal: AbortSignal): Promise<readonly Released[]>
  /** What a run of the last commit would hold, each with its digest. */
  held(signal: AbortSignal): Promise<readonly HeldNote[]>
  /** Remembers that a person wants what is held under this digest. */
  approve(digest: string, signal: AbortSignal): Promise<HeldNote>
  /** Every run that did something, newest first. */
  history(): Promise<readonly PastRun[]>
  /** Why a stacklet is as it is. Reads only. */
  why(id: string, signal: AbortSignal): Promise<Why>
  /** Declares what an earlier commit declared, as a new commit, and converges. */
  rollBack(request: Asked<RollbackRequest>, signal: AbortSignal): Promise<RolledBackTo>
  /** Takes new images as far as policy allows, or only says what there is. */
  update(request: Asked<UpdateRequest>, signal: AbortSignal): Promise<UpdateReport>
  /** The environment a stacklet would get, declared or not. Makes no secrets. */
  env(id: string, signal: AbortSignal): Promise<RenderedEnv>
}

export interface RolledBackTo {
  readonly restored: Restored
  readonly report: RunReport
}

/** A request without what the front door knows itself. */
export type Asked<Request> = Omit<Request, 'home' | 'isInteractive'>

export interface ReconcileRequest {
  readonly trigger: string
  readonly yes: boolean
  /** Only these and what they need; absent: everything. */
  readonly only?: readonly string[]
  /** True: what is new at the remote is followed first. */
  readonly followsGit?: boolean
  /** How long to wait for another run of this host. */
  readonly waitMs: number
  readonly watch: (event: RunEvent) => void
  /** Called once when another run has to end first, with a sentence that says whose it is. */
  readonly onWait: (sentence: string) => void
}

export interface ReconcilerConfig {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** True when a person sits at our terminal: hooks may ask. */
  readonly isInteractive: boolean
  /** Without it only what `STACK_LOG` asks for is logged, on stderr. */
  readonly log?: LogWords
}

/** A nightly update waits for whoever is at work. */
const longestWaitMs = 12 * 3_600_000

/** Finds the instance and connects it with the world. Throws `STACK_NO_INSTANCE` where there is none. */
export async function createReconciler({ cwd, env, isInteractive, log }: ReconcilerConfig): Promise<Reconciler> {
  const place = await findInstance(cwd, env['STACK_DIR'])
  const world = await wireWorld({ place, env, isInteractive, ...(log === undefined ? {} : { log }) })
  const home = env['HOME'] ?? '/root'
  const memory = () => wireUpdateMemory(place)
  const told = async (id: string | null) => toldOf(await memory(), id)
  const update: Reconciler['update'] = async (request, signal) => {
    const parts = await wireUpdates(world, { place, env, isInteractive })
    return updateImages(parts, { ...request, isInteractive }, signal)
  }
  const nightly: DaemonRequest['update'] = (requests, signal) =>
    update({ ...requests, ids: [], isCheck: false, waitMs: longestWaitMs }, signal)
  return {
    instance: place.instance,
    root: place.root,
    daemon: (request, signal) => daemon(world, { ...request, home, update: nightly }, signal),
    upstream: world.upstream,
    ...operations(world, home),
    validate: (signal) => validate(world, home, signal),
    plan: ({ ids, ref }, signal) => preview(world, { ids, home, from: ref === null ? 'work-tree' : { ref } }, signal),
    seal: (request, signal) => sealPlan(world, { ...request, home }, signal),
    runSealed: (request, signal) => runSealed(world, { ...request, home, isInteractive }, signal),
    reconcile: ({ only, ...request }, signal) => {
      const wish = only === undefined ? noWish : { ...noWish, only: only as readonly StackletId[] }
      return reconcile(world, { ...request, wish, home, isInteractive }, signal)
    },
    declare: (request, signal) => declare(world, { ...request, home, isInteractive }, signal),
    operate: (request, signal) => operate(world, { ...request, home, isInteractive }, signal),
    uninstall: (request, signal) => uninstall(world, { ...request, home, isInteractive }, signal),
    adopt: async (request, signal) => adopt(await wireAdopt(world, { place, env, isInteractive }), request, signal),
    hold: (request, signal) => hold(world, { ...request, by: 'asked', home }, signal),
    release: async (id, signal) => release({ world, home, memory: await memory() }, id, signal),
    held: (signal) => heldNotes(world, home, signal),
    approve: (digest, signal) => approve(world, digest, home, signal),
    history: async () => pastRuns(await world.records.events()),
    why: async (id, signal) => ({ ...(await why(world, id, home, signal)), updates: await told(id) }),
    rollBack: (request, signal) => rollBack(world, { ...request, home, isInteractive }, signal),
    update,
    async status(from, signal) {
      const { desired, actual } = await look(world, await loadDesired(world, from, home, signal), signal)
      return { ...(await reportStatus(world, desired, actual, signal)), updates: await told(null) }
    },
    async env(id, signal) {
      return environmentOf(id, await loadDesired(world, 'work-tree', home, signal))
    },
  }
}

/** Looks whether everything is here that a host needs: works outside of an instance, and where one is broken. */
export async function createDoctor({ cwd, env, isInteractive }: ReconcilerConfig): Promise<Doctor> {
  const found = await findInstance(cwd, env['STACK_DIR']).catch(asNoInstance)
  const parts = await wireDoctor(found, { env, isInteractive })
  return (request, signal) => doctor(parts, request, signal)
}

export type Doctor = (request: DoctorRequest, signal: AbortSignal) => Promise<Diagnosis>

function asNoInstance(thrown: unknown): StackError {
  if (thrown instanceof StackError && thrown.code === 'STACK_NO_INSTANCE') return thrown
  throw thrown
}

/** Makes an instance of a folder that need not be one yet. */
export interface Initialiser {
  /** True when there is no stack.toml to say where data lies: these questions are worth asking. */
  needsAnswers(signal: AbortSignal): Promise<boolean>
  init(answers: Answers, signal: AbortSignal): Promise<InitReport>
}

/** `folder` is absolute. Nothing is touched before `init`. */
export async function createInitialiser(folder: string, config: ReconcilerConfig): Promise<Initialiser> {
  const parts = await wireInit(folder, config)
  return {
    needsAnswers: async (signal) => (await lookForInit(parts, signal)).look.settings === null,
    init: (answers, signal) => initInstance(parts, answers, signal),
  }
}

function environmentOf(id: string, loaded: Loaded): RenderedEnv {
  const everyone = loaded.everyStacklet()
  const wanted = everyone.find((one) => one.id === id)
  if (wanted === undefined) throw unknownStacklet(id, idsOf(everyone))
  const errors = wanted.problems.filter((problem) => problem.level === 'error')
  if (errors.length > 0) throw new InvalidInstance(errors)
  return wanted.env
}

export { closest } from './lib/closest.ts'
export { parseDuration } from './lib/duration.ts'
export { nextWake, type Schedule } from './lib/slots.ts'
export type { Adopted } from './loop/adopt/adopted.ts'
export type { HeldNote } from './loop/approve.ts'
export type { WatcherTools } from './loop/daemon.ts'
export type { Declaration, Declared } from './loop/declare.ts'
export type { Diagnosis, EngineQuestion } from './loop/doctor/doctor.ts'
export type { Released } from './loop/hold.ts'
export type { InitReport } from './loop/init-instance.ts'
export type { Watcher } from './loop/keep-watching.ts'
export type { Outcome, RunReport } from './loop/outcome.ts'
export { errorOf } from './loop/outcome.ts'
export type { OwnContainer } from './loop/own-containers.ts'
export type { Preview } from './loop/preview.ts'
export { asStackError, reportError } from './loop/report-error.ts'
export type { Restored } from './loop/roll-back.ts'
export type { ServiceLine } from './loop/show-logs.ts'
export type { AdminAccount, ShownSettings } from './loop/show-settings.ts'
export type { Uninstalled } from './loop/uninstall.ts'
export type { Welcome } from './loop/welcome.ts'
export type { Occasion, Why } from './loop/why.ts'
export type { RenderedEnv } from './model/desired.ts'
export type { ContainerNews, EngineNews, EngineUp } from './model/engine-news.ts'
export { InvalidInstance, StackError } from './model/errors.ts'
export type { ReportedError, RunEvent, StepResult } from './model/event.ts'
export type { PastRun, PastStep } from './model/history.ts'
export type { Revision, StackletId } from './model/names.ts'
export { formatPosition, type Problem } from './model/problem.ts'
export { previousName, rotatedName, Secret } from './model/secret.ts'
export type { GitSettings } from './model/settings.ts'
export type { Hold } from './model/standing.ts'
export type { HostStatus, StackletStatus } from './model/status.ts'
export type { ReportedImage, UpdateReport } from './model/update-report.ts'
export type { Verb } from './plan/choose-states.ts'
export { judgeStop, type StopVerdict } from './plan/judge-stop.ts'
export { renderPlan, summarise } from './plan/render.ts'
export type { Change, Note, Plan, PlannedStep, Risk } from './plan/step.ts'
export { riskOf, stackletOf } from './plan/step.ts'
export type { Clock } from './ports/clock.ts'
export type { EngineEvents, NewsQuestion } from './ports/engine-events.ts'
export type { StackletCommand } from './ports/hook-host.ts'
export type { UpstreamHead } from './ports/upstream.ts'
