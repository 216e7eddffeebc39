import type { Actual } from '../../model/actual.ts'
import type { BuiltFrom } from '../../model/compose-project.ts'
import type { Desired } from '../../model/desired.ts'
import { InvalidInstance } from '../../model/errors.ts'
import type { StackletId } from '../../model/names.ts'
import type { LockedOnce, UpdateNotes } from '../../model/update-notes.ts'
import { containersOf } from '../../plan/ownership.ts'
import { withLocked } from '../../plan/updates/reverts.ts'
import { type RunningService, runningServices } from '../../plan/updates/running-services.ts'
import { withSightings } from '../../plan/updates/sightings.ts'
import type { StoredImage } from '../../ports/image-store.ts'
import { errorsOfWhole, type Loaded, loadDesired } from '../load-desired.ts'
import { idsOf, look, unknownStacklet } from '../preview.ts'
import { askRegistries } from './ask-registries.ts'
import { baseImages } from './base-images.ts'
import { type CheckedService, decidedService } from './decided-service.ts'
import { lookAtService, sightingsIn } from './look-at-service.ts'
import type { UpdateParts } from './update-parts.ts'

export interface CheckRequest {
  /** Empty: everything that runs. */
  readonly ids: readonly string[]
  /** Called before the first image is looked at and after each: how many were, of how many. */
  readonly onLook?: (looked: number, all: number) => void
}

export interface UpdateCheck {
  readonly checkedAtMs: number
  readonly loaded: Loaded
  readonly desired: Desired
  /** What is built here, and from which images. */
  readonly bases: ReadonlyMap<string, BuiltFrom>
  readonly services: readonly CheckedService[]
}

/** Looks what there is for every image that runs, and decides what may be done about it now. Pulls nothing and changes nothing. */
export async function checkUpdates(
  parts: UpdateParts,
  { ids, onLook = () => {} }: CheckRequest,
  signal: AbortSignal,
): Promise<UpdateCheck> {
  const { world, registry, memory } = parts
  const loaded = await loadDesired(world, 'head', parts.home, signal)
  const errors = errorsOfWhole(loaded.desired)
  if (errors.length > 0) throw new InvalidInstance(errors)
  const { desired, actual } = await look(world, loaded, signal)
  const bases = await baseImages(desired, loaded)
  const running = runningServices(desired, idsIn(ids, desired), bases)
  const nowMs = world.clock.nowMs()
  const notes = await memory.read()
  const questions = askRegistries(registry, notes, nowMs, signal)
  const stored = await storedImages(running, actual, parts, signal)
  let looked = 0
  onLook(looked, running.length)
  const lookAt = async (one: RunningService) => {
    const seen = await lookAtService(one, stored.get(one), { questions, notes })
    onLook(++looked, running.length)
    return seen
  }
  const looks = await Promise.all(running.map(lookAt))
  const sighted = looks.flatMap(sightingsIn)
  const pauses = questions.pauses()
  const noted = (before: UpdateNotes) => withSightings(withLocked(before, running.flatMap(lineOf)), sighted, nowMs)
  const known = await memory.change((before) => withPauses(noted(before), pauses), signal)
  const context = { notes: known, nowMs, timeZone: desired.settings.core.timezone, standings: actual.standings }
  return { checkedAtMs: nowMs, loaded, desired, bases, services: looks.map((one) => decidedService(one, context)) }
}

/** What the lock says of it; a stacklet that went back to its last good version runs what it said before. */
function lineOf({ stacklet, name, line }: RunningService): readonly LockedOnce[] {
  if (line === null || stacklet.rolledBack !== null) return []
  return [{ stacklet: stacklet.id, service: name, digest: line.digest }]
}

function idsIn(ids: readonly string[], desired: Desired): readonly StackletId[] | null {
  return ids.length === 0 ? null : ids.map((id) => knownId(id, desired))
}

function knownId(id: string, desired: Desired): StackletId {
  const found = desired.stacklets.find((one) => one.id === id)
  if (found !== undefined) return found.id
  throw unknownStacklet(id, idsOf(desired.stacklets))
}

/** What those run that nothing locks: the image of their container, else what their reference means here. */
async function storedImages(
  running: readonly RunningService[],
  actual: Actual,
  { world: { images } }: UpdateParts,
  signal: AbortSignal,
): Promise<ReadonlyMap<RunningService, StoredImage>> {
  const unlocked = running.filter(({ line }) => line === null)
  const references = unlocked.map((one) => [one, imageRun(one, actual) ?? one.image] as const)
  const found = await images.describe([...new Set(references.map(([, reference]) => reference))], signal)
  return new Map(
    references.flatMap(([one, reference]) => {
      const image = found.get(reference)
      return image === undefined ? [] : [[one, image] as const]
    }),
  )
}

function imageRun({ stacklet, name, isBuilt }: RunningService, actual: Actual): string | null {
  if (isBuilt) return null
  return containersOf(stacklet.id, actual).find(({ service }) => service === name)?.imageId ?? null
}

function withPauses(notes: UpdateNotes, pauses: Readonly<Record<string, number>>): UpdateNotes {
  const isSame = JSON.stringify(notes.pauses) === JSON.stringify(pauses)
  return isSame ? notes : { ...notes, pauses }
}
