import type { Actual, Fingerprint, LedgerEntry, ObservedContainer } from '../model/actual.ts'
import type { ComposeService } from '../model/compose-project.ts'
import type { DesiredStacklet } from '../model/desired.ts'
import { updatable } from '../model/repair.ts'
import { type Difference, differences } from './compare.ts'
import { formerNames } from './former-names.ts'
import { sharedNetwork } from './shared-network.ts'
import type { Change } from './step.ts'

/** observed ≠ applied: what was done to one container since we applied it, and what puts it right. */
export interface ContainerDrift {
  readonly container: ObservedContainer
  readonly changes: readonly DriftChange[]
}

/** How one field comes back to what it was. */
export type Cure = 'rename' | 'reconnect' | 'update' | 'replace'

export interface DriftChange extends Change {
  /** The field of the fingerprint, without the container's name. */
  readonly key: string
  readonly cure: Cure
}

/** Of another engine, or of a former version of ours, what an entry remembers is said in other words: it proves nothing. */
export function isComparable(entry: LedgerEntry, { engine }: Actual): boolean {
  return entry.engine === engine
}

export function driftsOf(
  containers: readonly ObservedContainer[],
  wanted: DesiredStacklet,
  actual: Actual,
): readonly ContainerDrift[] {
  const entry = actual.ledger[wanted.id]
  if (entry === undefined || !isComparable(entry, actual)) return []
  const names = formerNames(containers, entry, wanted)
  return containers.map((container) => {
    const changes = changesOf(container, names.get(container) ?? null, { entry, wanted, actual })
    return { container, changes: changes.filter(({ key }) => !isIgnored(key, wanted)) }
  })
}

interface Context {
  readonly entry: LedgerEntry
  readonly wanted: DesiredStacklet
  readonly actual: Actual
}

/** `former` is the name that it was applied under; null for one that nobody applied: left half-way, or made by hand. */
function changesOf(
  container: ObservedContainer,
  former: string | null,
  { entry, wanted, actual }: Context,
): readonly DriftChange[] {
  const service = wanted.project?.services.find((one) => one.name === container.service)
  const applied = former === null ? undefined : entry.containers[former]
  if (applied === undefined) {
    const want = service?.containerName ?? null
    return [changed(container, { key: 'Name', want, got: container.name }, 'replace')]
  }
  const seen = differences(applied, container.fingerprint)
  const moved = service === undefined ? [] : movedImage(service, container, entry, actual)
  return [
    ...seen.map((one) => changed(container, one, cureOf(one, container.fingerprint, actual))),
    ...(seen.some(({ key }) => key === 'Image') ? [] : moved),
  ]
}

function changed({ name }: ObservedContainer, { key, want, got }: Difference, cure: Cure): DriftChange {
  return { key, field: `${name} ${key}`, want, got, cause: 'changed on the host', cure }
}

function cureOf({ key, want }: Difference, seen: Fingerprint, { networks }: Actual): Cure {
  if (key === 'Name') return 'rename'
  if (updatable.includes(key)) return 'update'
  if (!key.startsWith('Networks.')) return 'replace'
  const network = key.slice('Networks.'.length)
  const isThere = want === null || networks.has(network) || network === sharedNetwork
  return isThere && !isAlone(seen) ? 'reconnect' : 'replace'
}

/** `none`, `host` and another container's network are for life. */
function isAlone(fingerprint: Fingerprint): boolean {
  const mode = fingerprint['HostConfig.NetworkMode'] ?? ''
  return mode === 'none' || mode === 'host' || mode.startsWith('container:')
}

/** A tag that means another image now: the next start would run that one, and nobody would know since when. */
function movedImage(
  service: ComposeService,
  container: ObservedContainer,
  entry: LedgerEntry,
  actual: Actual,
): readonly DriftChange[] {
  const want = actual.images.get(service.image)
  if (!isMoved(service.image, entry, actual) || want === undefined || want === container.imageId) return []
  const difference = { key: 'Image', want, got: container.imageId }
  return [{ ...changed(container, difference, 'replace'), cause: `${service.image} means another image now` }]
}

/** Whether a reference means another image than when it was applied. One that is gone means nothing else. */
export function isMoved(image: string, entry: LedgerEntry, { images }: Actual): boolean {
  const then = entry.images[image]
  const now = images.get(image)
  return then !== undefined && now !== undefined && then !== now
}

function isIgnored(key: string, { driftIgnore }: DesiredStacklet): boolean {
  return driftIgnore.some((field) => covers(field, key))
}

/** `HostConfig.Memory` covers itself; `Config.Env` and `Config.Env.*` cover every variable. */
function covers(field: string, key: string): boolean {
  const stem = field.replace(/\.\*$/, '')
  return key === stem || key.startsWith(`${stem}.`)
}
