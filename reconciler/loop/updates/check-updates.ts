import { parseImageReference, repositoryOf, tagMeant } from '../../lib/image-reference.ts'
import type { Actual } from '../../model/actual.ts'
import type { Desired } from '../../model/desired.ts'
import { InvalidInstance } from '../../model/errors.ts'
import type { StackletId } from '../../model/names.ts'
import type { Standing } from '../../model/standing.ts'
import type { ServiceUpdate, TaggedDigest, UpdateDecision, UpdatePolicy } from '../../model/update.ts'
import type { UpdateNotes } from '../../model/update-notes.ts'
import { containersOf } from '../../plan/ownership.ts'
import { decideUpdate, type Sighting } from '../../plan/updates/decide-update.ts'
import { policyFor } from '../../plan/updates/policy-for.ts'
import { type RunningService, runningServices } from '../../plan/updates/running-services.ts'
import { firstSeen, type SightedDigest, withSightings } from '../../plan/updates/sightings.ts'
import type { StoredImage } from '../../ports/image-store.ts'
import { errorsOfWhole, type Loaded, loadDesired } from '../load-desired.ts'
import { idsOf, look, unknownStacklet } from '../preview.ts'
import { askRegistries, type Questions } from './ask-registries.ts'
import { type ImageLook, lookAtImage } from './look-at-image.ts'
import type { UpdateParts } from './update-parts.ts'

export interface UpdateCheck {
  readonly checkedAtMs: number
  readonly loaded: Loaded
  readonly desired: Desired
  readonly services: readonly CheckedService[]
}

export interface CheckedService extends ServiceUpdate {
  readonly running: RunningService
}

/** Looks what there is for every image that runs, and decides what may be done about it now. Pulls nothing and changes nothing. */
export async function checkUpdates(
  parts: UpdateParts,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<UpdateCheck> {
  const { world, registry, memory } = parts
  const loaded = await loadDesired(world, 'head', parts.home, signal)
  const errors = errorsOfWhole(loaded.desired)
  if (errors.length > 0) throw new InvalidInstance(errors)
  const { desired, actual } = await look(world, loaded, signal)
  const running = runningServices(desired, ids.length === 0 ? null : ids.map((id) => knownId(id, desired)))
  const nowMs = world.clock.nowMs()
  const notes = await memory.read()
  const questions = askRegistries(registry, notes, nowMs, signal)
  const stored = await storedImages(running, actual, parts, signal)
  const looks = await Promise.all(running.map((one) => lookAt(one, stored.get(one), { questions, notes })))
  const sighted = looks.flatMap(sightingsIn)
  const pauses = questions.pauses()
  const known = await memory.change((before) => withPauses(withSightings(before, sighted, nowMs), pauses), signal)
  const context = { notes: known, nowMs, timeZone: desired.settings.core.timezone, standings: actual.standings }
  return { checkedAtMs: nowMs, loaded, desired, services: looks.map((one) => decided(one, context)) }
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

function imageRun({ stacklet, name }: RunningService, actual: Actual): string | null {
  return containersOf(stacklet.id, actual).find(({ service }) => service === name)?.imageId ?? null
}

interface Looked {
  readonly running: RunningService
  readonly policy: UpdatePolicy
  readonly repository: string
  readonly current: ServiceUpdate['current']
  readonly look: ImageLook | { readonly kind: 'fixed'; readonly why: string }
}

async function lookAt(
  running: RunningService,
  stored: StoredImage | undefined,
  around: { readonly questions: Questions; readonly notes: UpdateNotes },
): Promise<Looked> {
  const { stacklet, name, image, line } = running
  const policy = policyFor(stacklet, name, image)
  const reference = parseImageReference(image)
  if (reference === null) {
    const current = { tag: null, digest: null }
    return { running, policy, repository: image, current, look: { kind: 'failed', why: `${image} is no image` } }
  }
  const repository = repositoryOf(reference)
  const current = line ?? {
    tag: tagMeant(reference),
    digest: reference.digest ?? localDigest(repository, stored),
  }
  if (current.tag === null || reference.digest !== null) {
    const why = 'its file names the digest itself'
    return { running, policy, repository, current, look: { kind: 'fixed', why } }
  }
  return { running, policy, repository, current, look: await lookAtImage(reference, current.tag, policy, around) }
}

/** What the registry called it when it was pulled; null for what was built or imported here. */
function localDigest(repository: string, image: StoredImage | undefined): string | null {
  const known = (image?.digests ?? []).map(parseImageReference)
  return known.find((one) => one !== null && repositoryOf(one) === repository)?.digest ?? null
}

/** What runs is seen as well: what its tag was before that is no news. */
function sightingsIn({ repository, current, look: seen }: Looked): readonly SightedDigest[] {
  if (seen.kind !== 'seen') return []
  const { tag, digest } = current
  const own = tag === null || digest === null ? [] : [{ tag, digest }]
  return [...own, ...seen.newer, seen.offered].map((one) => ({ repository, ...one }))
}

function withPauses(notes: UpdateNotes, pauses: Readonly<Record<string, number>>): UpdateNotes {
  const isSame = JSON.stringify(notes.pauses) === JSON.stringify(pauses)
  return isSame ? notes : { ...notes, pauses }
}

interface DecisionContext {
  readonly notes: UpdateNotes
  readonly nowMs: number
  readonly timeZone: string
  readonly standings: Actual['standings']
}

function decided(looked: Looked, context: DecisionContext): CheckedService {
  const { running, policy, current } = looked
  const place = { stacklet: running.stacklet.id, service: running.name, image: running.image }
  const { tag, digest } = current
  return { ...place, running, policy, current: { tag, digest }, decision: decisionOn(looked, context) }
}

function decisionOn(
  { running, policy, repository, current, look: seen }: Looked,
  { notes, nowMs, timeZone, standings }: DecisionContext,
): UpdateDecision {
  if (seen.kind === 'failed') return seen
  if (seen.kind === 'fixed') return { kind: 'reported-only', to: null, why: seen.why }
  const sighting = (one: TaggedDigest): Sighting => {
    return { ...one, firstSeenMs: firstSeen(notes, repository, one) ?? nowMs }
  }
  const former = (notes.seen[repository] ?? []).filter(({ tag }) => tag === current.tag)
  const bad = notes.quarantine.filter((one) => one.stacklet === running.stacklet.id && one.service === running.name)
  const quarantined = Object.fromEntries(bad.map(({ digest, why }) => [digest, why]))
  const offers = { offered: sighting(seen.offered), newer: seen.newer.map(sighting), former }
  return decideUpdate({
    policy,
    current,
    ...offers,
    quarantined,
    held: whyHeld(standings[running.stacklet.id], nowMs),
    nowMs,
    timeZone,
  })
}

/** A new image would be a new version: what a person holds is left alone, and what went wrong is not tried again because of one. */
function whyHeld(standing: Standing | undefined, nowMs: number): string | null {
  const { hold = null, quarantine = null } = standing ?? {}
  if (hold !== null && (hold.untilMs ?? nowMs + 1) > nowMs) return `it is on hold: ${hold.why}`
  return quarantine === null ? null : `it went back to its last good version: ${quarantine.message}`
}
