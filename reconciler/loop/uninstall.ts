import { closest } from '../lib/closest.ts'
import { reachableFrom } from '../lib/topology.ts'
import type { Desired, DesiredStacklet } from '../model/desired.ts'
import { StackError } from '../model/errors.ts'
import type { StackletId } from '../model/names.ts'
import { sharedNetwork } from '../plan/shared-network.ts'
import type { World } from '../ports/world.ts'
import { type HostValues, type Loaded, loadDesired } from './load-desired.ts'
import type { RunReport } from './outcome.ts'
import { type RunRequest, runLoaded } from './reconcile.ts'

export interface UninstallRequest extends Omit<RunRequest, 'trigger' | 'wish' | 'yes' | 'waitMs'> {
  /** These, and what they require, stay as they are. */
  readonly not: readonly string[]
  /** Data, volumes and secrets go for good; otherwise data goes to the trash, and secrets with it. */
  readonly purge: boolean
}

export interface Uninstalled {
  readonly report: RunReport
  readonly kept: readonly StackletId[]
  /** Where secrets lie that data in the trash needs; null when there are none. */
  readonly secrets: string | null
  /** True when nothing of ours is left but what git tracks, the trash and data that was not ours. */
  readonly isGone: boolean
}

/**
 * Back to a fresh clone: everything of this instance leaves the host, declared or not, broken or not, and tracked files stay as
 * they are. Refused, with `STACK_LOCKED`, while a run is under way or a daemon looks after it.
 */
export async function uninstall(world: World, request: UninstallRequest, signal: AbortSignal): Promise<Uninstalled> {
  const alone = await world.daemonLock.take({ waitMs: 0, onWait: request.onWait }, signal)
  try {
    return await uninstallAlone(world, request, signal)
  } finally {
    await alone.release()
  }
}

async function uninstallAlone(world: World, request: UninstallRequest, signal: AbortSignal): Promise<Uninstalled> {
  const held = await world.lock.take({ waitMs: 0, onWait: request.onWait }, signal)
  try {
    const loaded = await loadDesired(world, 'head', request.home, signal)
    const kept = keptOf(request.not, loaded)
    const remembered = Object.values((await world.ledger.read()).entries).map((entry) => entry.id)
    const here = [...loaded.everyStacklet(), ...loaded.desired.stacklets].map((one) => one.id)
    const goners = [...new Set([...here, ...remembered])].filter((id) => !kept.includes(id))
    const wish = { only: goners, restart: [], setUp: [], purge: request.purge ? goners : [] }
    const run = { ...request, trigger: 'stack uninstall', yes: true, waitMs: 0, wish }
    const report = await runLoaded(world, held, tornDown(loaded, kept), run, signal)
    if (report.outcome.kind !== 'converged') return { report, kept, secrets: null, isGone: false }
    if (kept.length > 0) return { report, kept, secrets: null, isGone: true }
    return { report, kept, ...(await leave(world, loaded.desired, request.purge, signal)) }
  } finally {
    await held.release()
  }
}

/** Last, what belongs to no stacklet: the network, if nobody else is attached, and our memory. */
async function leave(
  world: World,
  { settings }: Desired,
  purge: boolean,
  signal: AbortSignal,
): Promise<Pick<Uninstalled, 'secrets' | 'isGone'>> {
  await world.engine.discard({ kind: 'network', name: sharedNetwork }, signal)
  const at = new Date(world.clock.nowMs())
  const trash = purge ? null : { dataDir: settings.core.dataDir, at }
  return { secrets: await world.demolition.removeState(trash), isGone: true }
}

function keptOf(not: readonly string[], { desired, everyStacklet }: Loaded): readonly StackletId[] {
  const everyone = [...desired.stacklets, ...everyStacklet()]
  const named = not.map((id) => known(id, everyone))
  const requires = (id: StackletId) => everyone.find((one) => one.id === id)?.requires ?? []
  return [...new Set([...named, ...reachableFrom(named, requires)])].sort()
}

function known(id: string, everyone: readonly DesiredStacklet[]): StackletId {
  const found = everyone.find((one) => one.id === id)
  if (found !== undefined) return found.id
  const meant = closest(
    id,
    everyone.map((one) => one.id),
  )
  const hint = meant === null ? 'stack list shows what there is' : `did you mean ${meant}?`
  throw new StackError('STACK_UNKNOWN_STACKLET', `there is no stacklet ${id}`, { hint, terminal: true })
}

/** Desired as if everything but these were declared absent, and nothing stood in the way of that. */
function tornDown(loaded: Loaded, kept: readonly StackletId[]): Loaded {
  const everyone = loaded.everyStacklet()
  const without = (desired: Desired): Desired => {
    const listed = desired.stacklets
    const others = everyone.filter((one) => !listed.some(({ id }) => id === one.id))
    return {
      ...desired,
      stacklets: [...listed, ...others].map((one) => (kept.includes(one.id) ? one : absent(one))).sort(byId),
      undeclared: [],
      problems: [],
      pace: { ...desired.pace, prune: 'destroy' },
      isEmpty: false,
    }
  }
  return {
    ...loaded,
    desired: without(loaded.desired),
    renderedWith: (values: HostValues) => without(loaded.renderedWith(values)),
  }
}

function absent(one: DesiredStacklet): DesiredStacklet {
  return { ...one, state: 'absent', stacklet: { ...one.stacklet, alwaysOn: false }, problems: [], waitsFor: null }
}

function byId(one: { readonly id: string }, other: { readonly id: string }): number {
  return one.id < other.id ? -1 : 1
}
