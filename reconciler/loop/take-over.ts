import type { LedgerEntry, ObservedContainer } from '../model/actual.ts'
import type { ComposeProject } from '../model/compose-project.ts'
import type { Desired, DesiredStacklet } from '../model/desired.ts'
import type { StackletId } from '../model/names.ts'
import type { EngineLook } from '../ports/container-engine.ts'
import type { GoodVersion } from '../ports/good-versions.ts'
import type { World } from '../ports/world.ts'
import { eachAtOnce } from './each-at-once.ts'
import { entryFor, entryQuestion } from './ledger-entry.ts'
import { loadDesired } from './load-desired.ts'
import { isResponding } from './observe-services.ts'
import { askCompose, resolveProjects } from './resolve-projects.ts'

/** A stacklet that was set up here before us. */
export interface SetUp {
  readonly id: StackletId
  readonly state: 'running' | 'stopped' | 'paused'
  /** Why it is declared so, where that is not plain. */
  readonly because: string | null
}

export interface TakenOver extends SetUp {
  /** Containers that go on as they are. */
  readonly containers: readonly string[]
  /** Why its containers are not known as ours; null when all is well. */
  readonly problem: string | null
}

const lanes = 4

/** What is set up here and whether it runs, as it lies in the work tree; what a running one requires has to run too. */
export async function lookAtSetUp(
  world: World,
  ids: readonly StackletId[],
  home: string,
  signal: AbortSignal,
): Promise<readonly SetUp[]> {
  const { everyStacklet } = await loadDesired(world, 'work-tree', home, signal)
  const all = everyStacklet()
  const own = all.filter((wanted) => ids.includes(wanted.id))
  const running = await runningOf(world, own, signal)
  const needed = neededBy(running, all)
  return all
    .filter(({ id }) => ids.includes(id) || needed.has(id))
    .map(({ id }) => {
      if (running.includes(id)) return { id, state: 'running', because: null }
      const by = needed.get(id)
      if (by !== undefined) return { id, state: 'running', because: `was stopped, but ${by} requires it` }
      return { id, state: 'stopped', because: null }
    })
}

async function runningOf(
  world: World,
  own: readonly DesiredStacklet[],
  signal: AbortSignal,
): Promise<readonly StackletId[]> {
  const projects = await eachAtOnce(own, lanes, async (wanted) => projectName(world, wanted, signal))
  const names = projects.filter((name) => name !== null)
  const { containers } = await world.engine.look({ instance: null, projects: names }, signal)
  const isRunning = await eachAtOnce(own, lanes, async (wanted) => {
    const name = projects[own.indexOf(wanted)] ?? null
    if (name !== null) return containers.some((one) => one.project === name && isActive(one))
    const answers = await Promise.all(wanted.services.map((service) => isResponding(world, service, signal)))
    return answers.length === 0 || answers.includes(true)
  })
  return own.filter((_, index) => isRunning[index]).map(({ id }) => id)
}

/** Null without containers. A file that Compose refuses has started what runs under the name it ought to have. */
async function projectName(world: World, wanted: DesiredStacklet, signal: AbortSignal): Promise<string | null> {
  if (wanted.stacklet.compose === null) return null
  const answer = await askCompose(world, null, wanted, signal)
  return answer.kind === 'resolved' ? answer.project.name : `stack-${wanted.id}`
}

function isActive({ state }: ObservedContainer): boolean {
  return state === 'running' || state === 'restarting' || state === 'paused'
}

/** What running stacklets need and does not run, each with one that needs it. */
function neededBy(
  running: readonly StackletId[],
  all: readonly DesiredStacklet[],
): ReadonlyMap<StackletId, StackletId> {
  const needed = new Map<StackletId, StackletId>()
  const open = [...running]
  for (const id of open) {
    for (const required of all.find((one) => one.id === id)?.requires ?? []) {
      if (running.includes(required) || needed.has(required)) continue
      needed.set(required, id)
      open.push(required)
    }
  }
  return needed
}

/**
 * Writes into the ledger what runs of these stacklets, as if we had applied what is committed: it is ours from now on, and the
 * next plan has no reason to touch it. What the ledger knows already is left as it is.
 */
export async function adoptRunning(
  world: World,
  setUp: readonly SetUp[],
  home: string,
  signal: AbortSignal,
): Promise<readonly TakenOver[]> {
  const held = await world.lock.take({ waitMs: 0, onWait: () => {} }, signal)
  try {
    return await noteRunning(world, setUp, home, signal)
  } finally {
    await held.release()
  }
}

/** The same for who holds the lock. */
export async function noteRunning(
  world: World,
  setUp: readonly SetUp[],
  home: string,
  signal: AbortSignal,
): Promise<readonly TakenOver[]> {
  const loaded = await loadDesired(world, 'head', home, signal)
  const { instance } = await world.host.keep(loaded.host)
  const { entries } = await world.ledger.read()
  const desired = await resolveProjects(world, loaded.desired, { instance, ledger: entries }, signal)
  const projects = desired.stacklets.flatMap(({ project }) => project?.name ?? [])
  const questions = desired.stacklets.map(entryQuestion)
  const images = questions.flatMap((one) => one.images)
  const volumes = questions.flatMap((one) => one.volumes)
  const seen = await world.engine.look({ instance, projects, images, volumes }, signal)
  const taken: TakenOver[] = []
  for (const one of setUp) taken.push(await adopt(world, one, { desired, look: seen, instance }, signal))
  return taken
}

interface Seen {
  readonly desired: Desired
  readonly look: EngineLook
  readonly instance: string
}

/** What runs when we come is what a later version that is not well goes back to. */
async function versionOf(
  world: World,
  wanted: DesiredStacklet,
  { revision, images }: LedgerEntry,
  { instance }: Seen,
  signal: AbortSignal,
): Promise<GoodVersion> {
  const answer = wanted.project === null ? null : await askCompose(world, instance, wanted, signal)
  return { wanted, revision, images, document: answer?.kind === 'resolved' ? answer.document : null }
}

async function adopt(world: World, one: SetUp, seen: Seen, signal: AbortSignal): Promise<TakenOver> {
  const { desired, look } = seen
  const wanted = desired.stacklets.find(({ id }) => id === one.id)
  if (wanted === undefined) return { ...one, containers: [], problem: `stacklets/${one.id} is not committed` }
  const error = wanted.problems.find((problem) => problem.level === 'error')
  if (error !== undefined) return { ...one, containers: [], problem: error.message }
  const own = look.containers.filter((container) => isServiceOf(container, wanted.project))
  const names = own.map(({ name }) => name)
  const isKnown = (await world.ledger.read()).entries[one.id] !== undefined
  const isWorthKnowing = own.length > 0 || (wanted.project === null && one.state === 'running')
  if (!isKnown && isWorthKnowing) {
    const application = { revision: desired.revision, nowMs: world.clock.nowMs(), owes: [] }
    const entry = entryFor(wanted, seen.look, own, application)
    await world.good.save(await versionOf(world, wanted, entry, seen, signal))
    await world.ledger.write(entry)
  }
  return { ...one, containers: names, problem: null }
}

function isServiceOf(container: ObservedContainer, project: ComposeProject | null): boolean {
  if (project === null || container.project !== project.name || container.instance !== null) return false
  const isService = project.services.some((service) => service.name === container.service)
  return isService && !container.isOneOff && !container.isHelper
}
