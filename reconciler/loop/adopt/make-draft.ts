import { type ComposePlaces, readComposePlaces } from '../../definitions/adopt/compose-places.ts'
import { type Draft, draftOf } from '../../definitions/adopt/draft.ts'
import { keepVariables } from '../../definitions/adopt/keep-variables.ts'
import { pathMeant } from '../../definitions/adopt/place-paths.ts'
import { interpolate } from '../../definitions/interpolate.ts'
import type { FoundProject, PathLook } from '../../model/found-project.ts'
import type { StackletId } from '../../model/names.ts'
import type { AdoptParts } from './parts.ts'
import { filesGone, notAdoptable } from './refusals.ts'

export interface DraftRequest {
  readonly id: StackletId
  readonly project: FoundProject
  readonly port: number | null
}

/** A draft, and the project with the profiles that its containers need. */
export interface Drafted {
  readonly draft: Draft
  readonly project: FoundProject
}

/** Reads what the project consists of and says what it would be as a stacklet. */
export async function makeDraft(parts: AdoptParts, request: DraftRequest, signal: AbortSignal): Promise<Drafted> {
  const { directory, files } = request.project
  if (directory === null || files.length === 0) throw filesGone(request.project, [])
  const texts = await parts.folder.texts(files)
  const missing = files.filter((_, index) => texts[index] === null)
  if (missing.length > 0) throw filesGone(request.project, missing)

  const values = await valuesOf(parts, request.project, directory, signal)
  const filledIn = (text: string): string => interpolate(text, (name) => values[name] ?? null)
  const places = await placesOf(parts, request.project, { texts: texts.map(String), filledIn }, signal)
  const project = { ...request.project, profiles: profilesOf(places, request.project) }
  const looks = await lookAt(parts, places, { directory, filledIn })
  const paths = [...looks].filter(([, look]) => look.kind === 'file').map(([path]) => path)
  const ofServices = paths.filter((path) => envPaths(places, { ...parts, directory, filledIn, looks }).includes(path))
  const envFiles = await parts.projects.variables(project, ofServices, signal)
  const facts = { ...request, project, places, values, filledIn, directory, home: parts.home }
  return { project, draft: draftOf({ ...facts, looks: fitted(looks, envFiles), envFiles }) }
}

type FilledIn = (text: string) => string

async function valuesOf(
  { projects, folder }: AdoptParts,
  project: FoundProject,
  directory: string,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const named = project.envFiles.length > 0 ? project.envFiles : [`${directory}/.env`]
  const texts = await folder.texts(named)
  const there = named.filter((_, index) => texts[index] !== null)
  const read = await projects.variables(project, there, signal)
  return Object.assign({}, ...there.map((path) => read.get(path)))
}

/** One file is kept as it is written, comments and all; what is in several becomes the one that Compose makes of them. */
async function placesOf(
  { projects }: AdoptParts,
  project: FoundProject,
  { texts, filledIn }: { readonly texts: readonly string[]; readonly filledIn: FilledIn },
  signal: AbortSignal,
): Promise<ComposePlaces> {
  const [only = ''] = texts
  const written = texts.length === 1 ? readComposePlaces(only) : null
  if (written !== null && !written.isInParts) return written
  const kept = keepVariables(texts, filledIn)
  const merged = readComposePlaces(kept.restored(await projects.merged(project, kept.texts, signal)))
  if (merged !== null) return merged
  throw notAdoptable(`the Compose files of ${project.name} cannot be read`, 'docker compose config says what is wrong')
}

/** Each service that runs and belongs to profiles needs one of them. */
function profilesOf({ profiles }: ComposePlaces, { services }: FoundProject): readonly string[] {
  const needed = services.flatMap((service) => profiles[service]?.[0] ?? [])
  return [...new Set(needed)].sort()
}

/** Folders that are mounted hold data, even where they lie inside of a build context. */
async function lookAt(
  { folder, home }: AdoptParts,
  places: ComposePlaces,
  where: { readonly directory: string; readonly filledIn: FilledIn },
): Promise<ReadonlyMap<string, PathLook>> {
  const facts = { ...where, home, looks: new Map() }
  const meant = places.paths.map((place) => ({ role: place.role, path: pathMeant(place, facts) }))
  const mounted = meant.flatMap(({ role, path }) => (role === 'mount' && path !== null ? [path] : []))
  const contexts = meant.flatMap(({ role, path }) => (role === 'build' && path !== null ? [path] : []))
  const others = meant.flatMap(({ role, path }) => (role !== 'build' && path !== null ? [path] : []))
  const looks = await folder.look(others)
  const without = mounted.filter((path) => looks.get(path)?.kind === 'folder')
  return new Map([...looks, ...(await folder.lookInside(contexts, without))])
}

function envPaths(places: ComposePlaces, facts: Parameters<typeof pathMeant>[1]): readonly string[] {
  return places.paths.flatMap((place) => (place.role === 'env-file' ? (pathMeant(place, facts) ?? []) : []))
}

/** A secret of several lines cannot be taken out of a file line by line. */
function fitted(
  looks: ReadonlyMap<string, PathLook>,
  envFiles: ReadonlyMap<string, Readonly<Record<string, string>>>,
): ReadonlyMap<string, PathLook> {
  return new Map(
    [...looks].map(([path, look]) => {
      const isLong = Object.values(envFiles.get(path) ?? {}).some((value) => value.includes('\n'))
      if (look.kind !== 'file' || !isLong) return [path, look]
      return [path, { ...look, file: { ...look.file, unfit: 'holds values of several lines' } }]
    }),
  )
}
