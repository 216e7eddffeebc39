import type { Actual, LedgerEntry, ObservedContainer } from '../model/actual.ts'
import type { ComposeProject, ComposeService } from '../model/compose-project.ts'
import type { Desired, DesiredStacklet, HostService } from '../model/desired.ts'
import type { StackletId } from '../model/names.ts'
import { contentChanges, inputChanges } from './compare.ts'
import { isDone, isResting, isUnwell, isUp } from './container-state.ts'
import { type ContainerDrift, driftsOf, isMoved } from './drift.ts'
import { envFileFault } from './env-file.ts'
import { ownMerges } from './merges.ts'
import { containersOf } from './ownership.ts'
import { changedParts, type PartDrift } from './part-drift.ts'
import type { Change, OrphanReason } from './step.ts'
import { type Stuck, stuckOf } from './stuck.ts'
import type { Merge } from './twins.ts'

/** Where one declared stacklet stands: everything the rules ask about it, worked out once. */
export interface Situation {
  readonly wanted: DesiredStacklet
  readonly entry: LedgerEntry | null
  readonly containers: readonly ObservedContainer[]
  /** Services with fewer containers than they should have. */
  readonly missing: readonly string[]
  readonly stopped: readonly ObservedContainer[]
  /** Of those, what the engine could not start in this run. */
  readonly stuck: Stuck
  readonly paused: readonly ObservedContainer[]
  readonly unwell: readonly ObservedContainer[]
  /** Containers that the document does not ask for. */
  readonly orphans: readonly Orphan[]
  readonly content: readonly Change[]
  readonly inputs: readonly Change[]
  readonly drift: readonly Change[]
  /** The same container by container, with what puts it right. */
  readonly drifts: readonly ContainerDrift[]
  /** Services with a container that only a new one puts right. */
  readonly drifted: readonly string[]
  /** Image references that mean another image than when they were applied. */
  readonly moved: readonly string[]
  /** Networks and volumes of the project that are not as declared. */
  readonly parts: readonly PartDrift[]
  /** Networks of the project that are there more than once. */
  readonly merges: readonly Merge[]
  /** Programs of the host that should run and do not. */
  readonly silent: readonly HostService[]
  /** What we left beside the containers and is not as it was: `.env edited`, `image server:1 missing`. */
  readonly disturbed: readonly string[]
}

export interface Orphan {
  readonly container: ObservedContainer
  readonly because: OrphanReason
}

export function situationOf(wanted: DesiredStacklet, desired: Desired, actual: Actual): Situation {
  const entry = actual.ledger[wanted.id] ?? null
  const services = wanted.project?.services ?? []
  const all = [...containersOf(wanted.id, actual)].sort((one, other) => (one.name < other.name ? -1 : 1))
  const orphans = orphansOf(wanted, entry, all)
  const containers = all.filter((container) => !orphans.some((orphan) => orphan.container === container))
  const drifts = driftsOf(containers, wanted, actual)
  const mustBeNew = drifts.filter(({ changes }) => changes.some(({ cure }) => cure === 'replace'))
  const stopped = containers.filter((one) => !isUp(one) && one.state !== 'paused' && !isDone(one))
  const parts = entry === null ? [] : changedParts(wanted, entry, actual)
  return {
    wanted,
    entry,
    containers,
    missing: services.filter((service) => isShort(service, containers)).map((service) => service.name),
    stopped,
    stuck: stuckOf(wanted.id, stopped, actual),
    paused: containers.filter((one) => one.state === 'paused'),
    unwell: containers.filter(isUnwell),
    orphans,
    content: entry === null ? [] : contentChanges(wanted, entry, desired.revision),
    inputs: entry === null ? [] : inputChanges(wanted, entry),
    drift: [...drifts, ...parts.filter(({ because }) => because === 'changed on the host')].flatMap(changesIn),
    drifts,
    drifted: mustBeNew.map(({ container }) => container.service ?? ''),
    moved: entry === null ? [] : services.map(({ image }) => image).filter((image) => isMoved(image, entry, actual)),
    parts,
    merges: ownMerges(wanted, actual),
    silent: wanted.services.filter((service) => !isAnswering(service, wanted.id, actual)),
    disturbed: entry === null ? [] : [...envFileWords(wanted, entry, actual), ...imageWords(wanted, entry, actual)],
  }
}

/** Values that moved are a change, and the file follows them: only one that is as nobody made it was disturbed. */
function envFileWords(wanted: DesiredStacklet, entry: LedgerEntry, actual: Actual): readonly string[] {
  const fault = envFileFault(wanted, actual.files[wanted.id]?.env ?? null)
  if (fault === null || wanted.env.missing.length > 0 || inputChanges(wanted, entry).length > 0) return []
  return [fault === 'missing' ? '.env missing' : '.env edited']
}

/** A new image that nobody has pulled yet is a change. */
function imageWords({ project, content }: DesiredStacklet, entry: LedgerEntry, { images }: Actual): readonly string[] {
  const services = content === entry.content ? (project?.services ?? []) : []
  const lost = services.filter(({ image }) => !images.has(image)).map(({ image }) => `image ${image} missing`)
  return [...new Set(lost)]
}

/** One that cannot be asked counts as up once we have started it; one that we cannot start is nobody's to start. */
function isAnswering({ id, check, start }: HostService, stacklet: StackletId, actual: Actual): boolean {
  if (start === null) return true
  if (check === null) return actual.files[stacklet]?.startedServices.includes(id) === true
  return actual.respondingServices[stacklet]?.includes(id) === true
}

/** Without a document yet nothing can be said; without a Compose file nothing is asked for. `all` by name. */
function orphansOf(
  { stacklet, project }: DesiredStacklet,
  entry: LedgerEntry | null,
  all: readonly ObservedContainer[],
): readonly Orphan[] {
  if (project === null && stacklet.compose !== null) return []
  const known = [...all].sort((one, other) => rank(one, entry) - rank(other, entry))
  return known.flatMap((container) => {
    const because = whyLeftOver(container, project, known)
    return because === null ? [] : [{ container, because }]
  })
}

/** Those that we know stay, where there are too many. */
function rank(container: ObservedContainer, entry: LedgerEntry | null): number {
  return entry?.containers[container.name] === undefined ? 1 : 0
}

function whyLeftOver(
  container: ObservedContainer,
  project: ComposeProject | null,
  all: readonly ObservedContainer[],
): OrphanReason | null {
  const service = project?.services.find((one) => one.name === container.service)
  if (project === null || service === undefined) return 'service removed'
  if (container.project !== project.name) return 'project renamed'
  const twins = all.filter((one) => one.service === service.name && one.project === project.name)
  return twins.indexOf(container) < service.replicas ? null : 'more than declared'
}

function isShort(service: ComposeService, containers: readonly ObservedContainer[]): boolean {
  return containers.filter((container) => container.service === service.name).length < service.replicas
}

function changesIn({ changes }: { readonly changes: readonly Change[] }): readonly Change[] {
  return changes.map(({ field, want, got, cause }) => ({ field, want, got, cause }))
}

/** Whether what is declared differs from what was last applied. */
export function hasChanged({ content, inputs }: Situation): boolean {
  return content.length > 0 || inputs.length > 0
}

/** Whether what runs is what was last applied and wanted, as far as this look tells. */
export function isInSync(situation: Situation): boolean {
  return situation.entry !== null && !hasChanged(situation) && driftWords(situation).length === 0
}

/** What is not as we left it, one short phrase each: `web stopped`, `web memory`. */
export function driftWords(situation: Situation): readonly string[] {
  const { wanted, containers, orphans, missing, stopped, paused, drift, merges, silent, disturbed } = situation
  const awake = [...containers, ...orphans.map((one) => one.container)].filter((one) => !isResting(one))
  if (wanted.state === 'stopped') return awake.map((one) => `${one.name} ${one.state}`)
  const frozen = wanted.state === 'paused' ? containers.filter(isUp) : paused
  return [
    ...missing.map((service) => `${service} missing`),
    ...stopped.map((container) => `${container.name} stopped`),
    ...frozen.map((container) => `${container.name} ${container.state}`),
    ...orphans.map(({ container }) => `${container.name} left over`),
    ...drift.map((change) => change.field),
    ...merges.map(({ network }) => `network ${network} made twice`),
    ...silent.map((service) => `${service.name} not responding`),
    ...disturbed,
  ]
}
