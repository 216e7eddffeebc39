import type { Actual, Fingerprint, LedgerEntry } from '../model/actual.ts'
import type { ComposePart } from '../model/compose-project.ts'
import type { DesiredStacklet } from '../model/desired.ts'
import { differences } from './compare.ts'
import { isComparable } from './drift.ts'
import type { Change } from './step.ts'

/** A network or volume that is there and is not as it should be: neither Compose nor the engine changes one in place. */
export interface PartDrift {
  readonly kind: 'network' | 'volume'
  readonly name: string
  readonly because: 'content changed' | 'changed on the host'
  readonly changes: readonly Change[]
}

/** Those of its project that are its own: external ones are somebody else's affair. */
export function changedParts(wanted: DesiredStacklet, entry: LedgerEntry, actual: Actual): readonly PartDrift[] {
  const { project } = wanted
  if (project === null || entry.project === null) return []
  const before = { networks: entry.project.networks, volumes: entry.project.volumes }
  const look = { wanted, entry, actual }
  return [
    ...project.networks.flatMap((one) => driftOf('network', one, before.networks, look)),
    ...project.volumes.flatMap((one) => driftOf('volume', one, before.volumes, look)),
  ]
}

interface Look {
  readonly wanted: DesiredStacklet
  readonly entry: LedgerEntry
  readonly actual: Actual
}

function driftOf(
  kind: PartDrift['kind'],
  part: ComposePart,
  before: readonly ComposePart[],
  { wanted, entry, actual }: Look,
): readonly PartDrift[] {
  const now = (kind === 'network' ? actual.networks : actual.volumes).get(part.name)
  if (part.external || now === undefined) return []
  const { name } = part
  const old = before.find((one) => one.name === name)
  if (old !== undefined && !old.external && old.definition !== part.definition) {
    const cause = `${wanted.stacklet.path}/docker-compose.yml`
    const change = { field: `${kind} ${name}`, want: part.definition, got: old.definition, cause }
    return [{ kind, name, because: 'content changed', changes: [change] }]
  }
  const applied = (kind === 'network' ? entry.networks : entry.volumes)[name]
  const changes = applied === undefined || !isComparable(entry, actual) ? [] : seenSince(kind, name, applied, now)
  return changes.length === 0 ? [] : [{ kind, name, because: 'changed on the host', changes }]
}

function seenSince(kind: string, name: string, applied: Fingerprint, now: Fingerprint): readonly Change[] {
  return differences(applied, now).map(({ key, want, got }) => ({
    field: `${kind} ${name} ${key}`,
    want,
    got,
    cause: 'changed on the host',
  }))
}
