import type { LedgerEntry, ObservedContainer } from '../model/actual.ts'
import type { ComposePart } from '../model/compose-project.ts'
import { type DesiredStacklet, plainValues } from '../model/desired.ts'
import type { HookEvent } from '../model/hook.ts'
import { pinnedReferences } from '../model/locked-image.ts'
import type { Digest, Revision, StackletId } from '../model/names.ts'
import type { EngineLook, EngineQuestion } from '../ports/container-engine.ts'

/** Grows when what is hashed or fingerprinted changes its meaning. */
const ledgerFormat = 2

/** How and when something was applied. */
export interface Application {
  readonly revision: Revision | null
  readonly nowMs: number
  readonly owes: readonly HookEvent[]
}

/** What to remember of a stacklet that was just applied and found well: `containers` of this look are its own. */
export function entryFor(
  wanted: DesiredStacklet,
  look: Omit<EngineLook, 'containers'>,
  containers: readonly ObservedContainer[],
  { revision, nowMs, owes }: Application,
): LedgerEntry {
  return {
    format: ledgerFormat,
    id: wanted.id,
    state: wanted.state,
    appliedAt: new Date(nowMs).toISOString(),
    revision,
    content: wanted.content,
    files: wanted.stacklet.files,
    inputs: wanted.inputs,
    locked: pinnedReferences(wanted.locked),
    values: plainValues(wanted.env),
    requires: wanted.requires,
    project: wanted.project,
    owes,
    ...seenOf(wanted.project, look, containers),
  }
}

/** The part of an entry that the engine tells. */
export function seenOf(
  project: LedgerEntry['project'],
  { engine, networks, volumes, images }: Omit<EngineLook, 'containers'>,
  containers: readonly ObservedContainer[],
): Pick<LedgerEntry, 'engine' | 'containers' | 'networks' | 'volumes' | 'images'> {
  return {
    engine,
    containers: Object.fromEntries(containers.map((container) => [container.name, container.fingerprint])),
    networks: chosen(ownNames(project?.networks), networks),
    volumes: chosen(ownNames(project?.volumes), volumes),
    images: chosen(project?.services.map(({ image }) => image) ?? [], images),
  }
}

/** What has to be asked of the engine for an entry. */
export function entryQuestion({ project }: DesiredStacklet): Required<Pick<EngineQuestion, 'images' | 'volumes'>> {
  return { images: project?.services.map(({ image }) => image) ?? [], volumes: ownNames(project?.volumes) }
}

function ownNames(parts: readonly ComposePart[] = []): readonly string[] {
  return parts.filter(({ external }) => !external).map(({ name }) => name)
}

function chosen<Value>(names: readonly string[], all: ReadonlyMap<string, Value>): Readonly<Record<string, Value>> {
  return Object.fromEntries([...all].filter(([name]) => names.includes(name)))
}

/** What to remember of one that leaves and of which nothing was remembered: that there was something of it here. */
export function leavingEntry(id: StackletId, engine: string, nowMs: number): LedgerEntry {
  return {
    format: ledgerFormat,
    id,
    state: 'stopped',
    appliedAt: new Date(nowMs).toISOString(),
    revision: null,
    content: '' as Digest,
    files: {},
    inputs: {},
    locked: {},
    values: {},
    requires: [],
    project: null,
    engine,
    containers: {},
    networks: {},
    volumes: {},
    images: {},
    owes: [],
  }
}
