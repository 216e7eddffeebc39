import { absolutePath, pathInside } from '../../lib/paths.ts'
import type { DesiredStacklet } from '../../model/desired.ts'
import type { RunId, StackletId } from '../../model/names.ts'
import type { KeptSnapshot, UpdateNotes } from '../../model/update-notes.ts'
import { ownContainers } from '../own-containers.ts'
import type { UpdateParts } from './update-parts.ts'

/** How long an update has to be well before the data of before is given up. */
const keptMs = 24 * 3_600_000

/** Stops a stacklet and copies what it keeps: mounts under the data folder, and the volumes that are its own. */
export async function saveData(
  parts: UpdateParts,
  wanted: DesiredStacklet,
  dataDir: string,
  signal: AbortSignal,
): Promise<KeptSnapshot> {
  const { world, vault, memory } = parts
  const places = await placesOf(parts, wanted, dataDir, signal)
  await stopAll(parts, wanted.id, signal)
  const at = new Date(world.clock.nowMs())
  const snapshot = { ...(await vault.save({ name: wanted.id, places, dataDir, at }, signal)), stacklet: wanted.id }
  await memory.change((notes) => ({ ...notes, snapshots: [...notes.snapshots, snapshot] }), signal)
  return snapshot
}

/** Puts back what the last snapshot of a stacklet holds; answers whether there was one. Whatever was written since is gone. */
export async function restoreData(parts: UpdateParts, id: StackletId, signal: AbortSignal): Promise<boolean> {
  const { snapshots } = await parts.memory.read()
  const last = snapshots.filter(({ stacklet }) => stacklet === id).at(-1)
  if (last === undefined) return false
  await stopAll(parts, id, signal)
  await parts.vault.restore(last, signal)
  return true
}

/** Gives up snapshots that are a day old, but for those of updates that have not ended. */
export async function forgetOldData({ world, vault, memory }: UpdateParts, signal: AbortSignal): Promise<void> {
  const nowMs = world.clock.nowMs()
  const { snapshots, begun } = await memory.read()
  const isOver = ({ stacklet, atMs }: KeptSnapshot): boolean =>
    nowMs - atMs > keptMs && !begun.some((one) => one.stacklet === stacklet)
  await dropData({ vault, memory }, snapshots.filter(isOver), signal)
}

/** A snapshot that was put back has done its work. */
export async function dropDataOf({ vault, memory }: UpdateParts, id: StackletId, signal: AbortSignal): Promise<void> {
  const { snapshots } = await memory.read()
  await dropData(
    { vault, memory },
    snapshots.filter(({ stacklet }) => stacklet === id),
    signal,
  )
}

async function dropData(
  { vault, memory }: Pick<UpdateParts, 'vault' | 'memory'>,
  over: readonly KeptSnapshot[],
  signal: AbortSignal,
): Promise<void> {
  if (over.length === 0) return
  for (const one of over) await vault.discard(one)
  const isKept = ({ folder }: KeptSnapshot): boolean => !over.some((one) => one.folder === folder)
  await memory.change((notes): UpdateNotes => ({ ...notes, snapshots: notes.snapshots.filter(isKept) }), signal)
}

async function placesOf(
  { world, volumes }: UpdateParts,
  { id, project }: DesiredStacklet,
  dataDir: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { directory } = await world.files.paths(id)
  const sources = (project?.services ?? []).flatMap((service) => service.sources)
  const mounted = sources.map((source) => absolutePath(directory, source, '')).filter((path) => isBelow(dataDir, path))
  const own = (project?.volumes ?? []).filter(({ external }) => !external).map(({ name }) => name)
  const places = await volumes(own, signal)
  return outermost([...mounted, ...places.values()])
}

function isBelow(folder: string, path: string): boolean {
  const inside = pathInside(folder, path)
  return inside !== null && inside !== ''
}

/** A folder holds what is in it. */
function outermost(paths: readonly string[]): readonly string[] {
  const unique = [...new Set(paths)].sort()
  return unique.filter((path) => !unique.some((other) => other !== path && isBelow(other, path)))
}

/** Told to the journal as every stop of ours is: a daemon beside us must not take it for a person's. */
async function stopAll({ world }: UpdateParts, id: StackletId, signal: AbortSignal): Promise<void> {
  const own = await ownContainers(world, id, signal)
  const beganMs = world.clock.nowMs()
  const run = `copy-${beganMs}` as RunId
  const moment = { run, step: `stop ${id}`, stacklet: id, because: 'its data is copied' }
  const at = (): string => new Date(world.clock.nowMs()).toISOString()
  await world.records.append({ kind: 'step-started', at: at(), ...moment })
  for (const { container } of own) {
    if (container.state === 'paused') await world.engine.act('unpause', container.id, signal)
    await world.engine.act('stop', container.id, signal)
  }
  await world.records.append({ kind: 'step-finished', at: at(), ms: world.clock.nowMs() - beganMs, ...moment })
}
