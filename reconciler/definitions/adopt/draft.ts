import { absolutePath } from '../../lib/paths.ts'
import type { FoundFile, FoundProject } from '../../model/found-project.ts'
import type { StackletId } from '../../model/names.ts'
import { Secret } from '../../model/secret.ts'
import { adoptedManifest } from './adopted-manifest.ts'
import { type ComposePlaces, withTexts } from './compose-places.ts'
import { type EnvFile, liftSecrets } from './lift-secrets.ts'
import { type PathFacts, pathMeant, placePaths, type Stay } from './place-paths.ts'
import type { TextNode } from './yaml-nodes.ts'

/** A stacklet to be: what it would consist of, before any of it is written. */
export interface Draft {
  readonly id: StackletId
  /** By path in its directory, sorted. */
  readonly files: readonly DraftFile[]
  /** By name in its environment. */
  readonly secrets: ReadonlyMap<string, Secret>
  readonly stays: readonly Stay[]
}

export interface DraftFile {
  readonly path: string
  readonly bytes: Uint8Array
  readonly isExecutable: boolean
}

export interface DraftFacts extends PathFacts {
  readonly id: StackletId
  readonly project: FoundProject
  readonly places: ComposePlaces
  /** What `.env` says, or the files in its stead. */
  readonly values: Readonly<Record<string, string>>
  /** What Compose reads in the env files of services, by absolute path. */
  readonly envFiles: ReadonlyMap<string, Readonly<Record<string, string>>>
  /** Its first port on the host. */
  readonly port: number | null
}

/** What a running project is as a stacklet: its own files, with paths and secrets put where they belong. */
export function draftOf(facts: DraftFacts): Draft {
  const { id, project, places, filledIn } = facts
  const placement = placePaths(places.paths, facts)
  const copies = [...placement.copies].filter(([path]) => !isOwnFile(path, facts))
  const envFiles = copies.flatMap(([path, file]) => envFileAt(path, file, facts))
  const values = stackletValues(facts)
  const lifted = liftSecrets({ text: places.text, places: places.env, values, envFiles, filledIn })
  const edits = [...placement.edits, ...lifted.edits, ...ownEnvEdits(facts)]
  const { port, directory } = facts
  const manifest = {
    id,
    project: project.name,
    directory,
    port,
    secrets: [...lifted.secrets.keys()],
    defaults: lifted.defaults,
  }
  const copied = copies.map(([path, { bytes, isExecutable }]) => {
    const text = lifted.envFiles.get(path)
    return { path, bytes: text === undefined ? bytes : encoded(text), isExecutable }
  })
  const files = [
    ...copied,
    textFile('docker-compose.yml', named(edits, facts)),
    textFile('stacklet.toml', adoptedManifest(manifest)),
  ]
  return {
    id,
    files: files.sort((one, other) => (one.path < other.path ? -1 : 1)),
    secrets: new Map([...lifted.secrets].map(([name, value]) => [name, new Secret(value)])),
    stays: placement.stays,
  }
}

/** The Compose files themselves become docker-compose.yml, and what was in `.env` goes elsewhere. */
function isOwnFile(path: string, { project, directory }: DraftFacts): boolean {
  const whole = absolutePath(directory, path, directory)
  return project.files.includes(whole) || project.envFiles.includes(whole)
}

function envFileAt(path: string, { bytes }: FoundFile, { directory, envFiles }: DraftFacts): readonly EnvFile[] {
  const variables = envFiles.get(absolutePath(directory, path, directory))
  return variables === undefined ? [] : [{ path, text: new TextDecoder().decode(bytes), variables }]
}

/** What Compose takes from its environment for itself is said elsewhere: by the file's name, and its `name:`. */
function stackletValues({ values, project }: DraftFacts): Readonly<Record<string, string>> {
  const kept = Object.entries(values).filter(([name]) => !name.startsWith('COMPOSE_'))
  const profiles = project.profiles.length === 0 ? [] : [['COMPOSE_PROFILES', project.profiles.join(',')]]
  return Object.fromEntries([...kept, ...profiles])
}

/** What Compose merged of several files says absolute paths. */
function ownEnvEdits(facts: DraftFacts): readonly TextNode[] {
  return facts.places.paths.flatMap((place) => {
    const isOwn = place.role === 'env-file' && pathMeant(place, facts) === `${facts.directory}/.env`
    return isOwn && place.at !== null && !['.env', './.env'].includes(place.path)
      ? [{ ...place.at, text: './.env' }]
      : []
  })
}

/** Networks, volumes and containers are called after the project, so that it keeps its name. */
function named(edits: readonly TextNode[], { places, project, filledIn }: DraftFacts): string {
  const { name, start, text } = places
  if (name !== null && filledIn(name.text) === project.name) return withTexts(text, edits)
  if (name !== null) return withTexts(text, [...edits, { ...name, text: project.name }])
  const edited = withTexts(text, edits)
  return `${edited.slice(0, start)}name: ${project.name}\n${edited.slice(start)}`
}

function textFile(path: string, text: string): DraftFile {
  return { path, bytes: encoded(text), isExecutable: false }
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
