import { absolutePath, pathInside } from '../../lib/paths.ts'
import type { FoundFile, PathLook } from '../../model/found-project.ts'
import type { PathPlace } from './compose-places.ts'
import type { TextNode } from './yaml-nodes.ts'

export interface PathFacts {
  /** Absolute folder of the project. */
  readonly directory: string
  readonly home: string
  /** Fills in variables. */
  readonly filledIn: (text: string) => string
  /** By absolute path. */
  readonly looks: ReadonlyMap<string, PathLook>
}

/** Something of the project that is not copied: it is used where it is. */
export interface Stay {
  readonly path: string
  readonly why: string
}

export interface Placement {
  /** Texts of the Compose file that have to say another path. */
  readonly edits: readonly TextNode[]
  /** Files to copy, by path in the project's folder and in the stacklet alike. */
  readonly copies: ReadonlyMap<string, FoundFile>
  readonly stays: readonly Stay[]
}

/** The absolute path that a place means; null for a named volume and for a context that is no folder of this machine. */
export function pathMeant({ role, path }: PathPlace, { directory, home, filledIn }: PathFacts): string | null {
  const filled = filledIn(path)
  if (role === 'mount' && !/^[./~]/.test(filled)) return null
  if (role === 'build' && /^(?:[a-z][a-z0-9+.-]*:|git@|github\.com\/)/i.test(filled)) return null
  return absolutePath(directory, filled, home)
}

/** Files and build contexts of the project's own folder are copied; folders and everything else stay where they are. */
export function placePaths(places: readonly PathPlace[], facts: PathFacts): Placement {
  const placed = places.flatMap((place) => placedOne(place, facts))
  const stays = new Map(placed.flatMap((one) => one.stays))
  return {
    edits: placed.flatMap((one) => one.edits),
    copies: new Map(placed.flatMap((one) => one.copies)),
    stays: [...stays].sort(byPath).map(([path, why]) => ({ path, why })),
  }
}

interface Placed {
  readonly edits: readonly TextNode[]
  readonly copies: readonly (readonly [string, FoundFile])[]
  readonly stays: readonly (readonly [string, string])[]
}

function placedOne(place: PathPlace, facts: PathFacts): readonly Placed[] {
  const path = pathMeant(place, facts)
  if (path === null || isOwnEnv(place, path, facts)) return []
  const inside = pathInside(facts.directory, path)
  const { files, why, left } = chosen(place, inside, facts.looks.get(path))
  const edit = rewritten(place, why === null ? `./${inside}` : path, facts)
  const leftOut = left.map((file) => [`${path}/${file.path}`, file.unfit ?? ''] as const)
  return [
    {
      edits: edit === null ? [] : [edit],
      copies: files.map((file) => [joined(inside ?? '', file, place), file] as const),
      stays: why === null ? leftOut : [[path, why]],
    },
  ]
}

/** `env_file: .env` means the one that we write, in the old place and in the new one. */
function isOwnEnv({ role }: PathPlace, path: string, { directory }: PathFacts): boolean {
  return role === 'env-file' && path === `${directory}/.env`
}

interface Chosen {
  readonly files: readonly FoundFile[]
  /** Of a context that is copied, what is not. */
  readonly left: readonly FoundFile[]
  /** Why it stays as a whole; null when it is copied. */
  readonly why: string | null
}

function chosen(place: PathPlace, inside: string | null, look: PathLook = { kind: 'missing' }): Chosen {
  const why = whyItStays(place, inside, look)
  if (why !== null || inside === null || look.kind === 'missing') return { ...nothing, why }
  if (look.kind === 'file') return { ...nothing, files: [look.file] }
  const named = look.files.filter(({ path }) => !isTaken(inside === '' ? path : `${inside}/${path}`))
  const isFit = ({ unfit }: FoundFile): boolean => unfit === null
  return { files: named.filter(isFit), left: named.filter((file) => !isFit(file)), why: null }
}

/** Null for what is copied. */
function whyItStays({ role }: PathPlace, inside: string | null, look: PathLook): string | null {
  if (look.kind === 'missing') return 'is not there'
  if (inside === null) return 'lies outside of the project'
  if (look.kind === 'file') return whyFileStays(role, inside, look.file)
  if (role !== 'build') return 'is a folder'
  return look.isWhole ? null : 'is too large for a copy'
}

function whyFileStays(role: PathPlace['role'], inside: string, { bytes, unfit }: FoundFile): string | null {
  if (role === 'secret') return 'holds a secret'
  if (role === 'mount' && bytes.includes(0)) return 'is no text'
  return unfit ?? (isTaken(inside) ? 'has a name that means something else in a stacklet' : null)
}

const nothing: Chosen = { files: [], left: [], why: null }

/** Names that mean something to this program in a stacklet's directory, or that git is told to ignore. */
function isTaken(path: string): boolean {
  return /^(?:hooks|cli|\.state)\/|^(?:stacklet\.toml|docker-compose\.yml)$|(?:^|\/)(?:\.env$|__pycache__\/)/.test(path)
}

function joined(inside: string, { path }: FoundFile, { role }: PathPlace): string {
  if (role !== 'build') return inside
  return inside === '' ? path : `${inside}/${path}`
}

/** Null where what is written means the same in the new place. A variable that is filled in elsewhere is left to that place. */
function rewritten({ path, rest, at }: PathPlace, wanted: string, { filledIn }: PathFacts): TextNode | null {
  const isAbsolute = /^[/~]/.test(filledIn(path))
  if (at === null || isAbsolute === wanted.startsWith('/')) return null
  return { ...at, text: wanted.replaceAll('$', '$$$$') + rest }
}

function byPath([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return one < other ? -1 : 1
}
