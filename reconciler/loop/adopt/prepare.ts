import { editDesired } from '../../definitions/edit-desired.ts'
import type { ObservedContainer } from '../../model/actual.ts'
import { InvalidInstance } from '../../model/errors.ts'
import type { FoundProject } from '../../model/found-project.ts'
import type { StackletId } from '../../model/names.ts'
import type { NewFile } from '../../ports/new-instance.ts'
import type { World } from '../../ports/world.ts'
import { type Loaded, loadDesired } from '../load-desired.ts'
import type { Adopted } from './adopted.ts'
import { type Checked, checkDraft } from './check-draft.ts'
import { mustBeFree, usableId } from './free-id.ts'
import { makeDraft } from './make-draft.ts'
import type { AdoptParts } from './parts.ts'
import { alreadyOurs, ofAnotherInstance, unknownProject } from './refusals.ts'

/** A draft that was found good, and all that is needed to carry it out. */
export interface Prepared extends Checked {
  readonly loaded: Loaded
  readonly report: Adopted
}

/** Reads, drafts and checks; writes nothing. Throws where the project cannot be adopted as it runs. */
export async function prepare(
  parts: AdoptParts,
  asked: { readonly project: string; readonly id: string | null },
  signal: AbortSignal,
): Promise<Prepared> {
  const { world, home } = parts
  const found = await findProject(parts, asked.project, signal)
  const id = usableId(asked.id ?? found.name)
  const loaded = await loadDesired(world, 'head', home, signal)
  const containers = await containersOf(world, found, signal)
  const { draft, project } = await makeDraft(parts, { id, project: found, port: firstPort(containers) }, signal)
  const files = draft.files.map((file) => ({ ...file, path: `stacklets/${id}/${file.path}` }))
  await mustBeFree(world, { draft, files, loaded }, signal)
  const state = stateOf(containers)
  const desired = await desiredFile(world, loaded, { id, state }, signal)
  await checkDraft(parts, { project, draft, state, files: [...files, desired] }, signal)
  const report: Adopted = {
    project: project.name,
    id,
    state,
    directory: project.directory ?? '',
    containers: containers.map(({ name }) => name),
    files: files.map(({ path }) => path),
    secrets: [...draft.secrets.keys()].sort().map((name) => `${id}__${name}`),
    stays: draft.stays,
    revision: null,
    notes: [],
  }
  return { project, draft, state, files, loaded, report }
}

async function findProject({ projects, world }: AdoptParts, name: string, signal: AbortSignal): Promise<FoundProject> {
  const all = await projects.list(signal)
  const { entries } = await world.ledger.read()
  const owner = Object.values(entries).find((entry) => entry.project?.name === name)
  if (owner !== undefined) throw alreadyOurs(name, owner.id)
  const project = all.find((one) => one.name === name)
  if (project !== undefined && project.instance === null) return project
  if (project !== undefined) throw ofAnotherInstance(project)
  const ours = Object.values(entries).map((entry) => entry.project?.name)
  const free = all.filter((one) => one.instance === null && !ours.includes(one.name))
  throw unknownProject(
    name,
    free.map((one) => one.name),
  )
}

async function containersOf(
  { engine }: World,
  { name }: FoundProject,
  signal: AbortSignal,
): Promise<readonly ObservedContainer[]> {
  const { containers } = await engine.look({ instance: null, projects: [name] }, signal)
  return containers.filter((one) => one.project === name && !one.isOneOff && !one.isHelper)
}

function stateOf(containers: readonly ObservedContainer[]): Checked['state'] {
  const active = containers.filter(({ state }) => ['running', 'restarting', 'paused'].includes(state))
  if (active.length === 0) return 'stopped'
  return active.every(({ state }) => state === 'paused') ? 'paused' : 'running'
}

function firstPort(containers: readonly ObservedContainer[]): number | null {
  const published = containers.flatMap(({ ports }) => ports.filter(({ protocol }) => protocol === 'tcp'))
  return published.map(({ port }) => port).find((port) => port > 0) ?? null
}

/** What desired.toml would say. */
async function desiredFile(
  world: World,
  { file, desired }: Loaded,
  { id, state }: { readonly id: StackletId; readonly state: Checked['state'] },
  signal: AbortSignal,
): Promise<NewFile> {
  const tree = await world.source.read(desired.revision ?? 'work-tree', signal)
  const edited = editDesired(await tree.text(file), new Map([[id, state]]), file)
  if ('problem' in edited) throw new InvalidInstance([edited.problem])
  return { path: file, bytes: new TextEncoder().encode(edited.text), isExecutable: false }
}
