import { type Document, isMap, isScalar, parseDocument } from 'yaml'
import { elementsOf, entriesOf, type TextNode, textOf, valueAt } from './yaml-nodes.ts'

/** A path in a Compose file, and how to write another one in its place. */
export interface PathPlace {
  readonly role: 'mount' | 'env-file' | 'build' | 'config' | 'secret'
  /** As written, variables and all. */
  readonly path: string
  /** What follows it in the same scalar: `:/data:ro`. */
  readonly rest: string
  /** Null where nothing is written and the project's folder is meant. */
  readonly at: TextNode | null
}

/** A variable that a service gets. */
export interface EnvPlace {
  readonly service: string
  readonly name: string
  /** As written, variables and all. */
  readonly text: string
  readonly at: TextNode
  /** `NAME=` where the scalar holds both. */
  readonly before: string
}

/** A Compose file as text, with the places in it that adopting may have to change. */
export interface ComposePlaces {
  readonly text: string
  /** The top-level `name:`. */
  readonly name: TextNode | null
  /** Where the first key stands. */
  readonly start: number
  readonly paths: readonly PathPlace[]
  readonly env: readonly EnvPlace[]
  /** Service to the profiles that it belongs to, often none. */
  readonly profiles: Readonly<Record<string, readonly string[]>>
  /** True where other files say a part of it: `include`, or `extends` with a `file`. */
  readonly isInParts: boolean
}

/** Null for what is no YAML mapping. */
export function readComposePlaces(text: string): ComposePlaces | null {
  const document = parseDocument(text, { merge: true, prettyErrors: false })
  const top = document.contents
  if (document.errors.length > 0 || !isMap(top)) return null
  const services = entriesOf(valueAt(top, 'services', document), document)
  const paths = services.flatMap(({ value }) => pathsOfService(value, document))
  return {
    text,
    name: textOf(valueAt(top, 'name', document)),
    start: top.range?.[0] ?? 0,
    paths: [...paths, ...filesOf('config', top, document), ...filesOf('secret', top, document)].filter(isFirst),
    env: services.flatMap(({ key, value }) => envOf(key, value, document)).filter(isFirst),
    profiles: Object.fromEntries(services.map(({ key, value }) => [key, profilesOf(value, document)])),
    isInParts:
      valueAt(top, 'include', document) !== null ||
      services.some(({ value }) => valueAt(valueAt(value, 'extends', document), 'file', document) !== null),
  }
}

function profilesOf(service: unknown, document: Document): readonly string[] {
  return elementsOf(valueAt(service, 'profiles', document), document).flatMap((one) => textOf(one)?.text ?? [])
}

/** What two services merge in from one place is written once. */
function isFirst<Place extends PathPlace | EnvPlace>({ at }: Place, index: number, all: readonly Place[]): boolean {
  return at === null || all.findIndex((other) => other.at?.from === at.from) === index
}

function pathsOfService(service: unknown, document: Document): readonly PathPlace[] {
  const volumes = elementsOf(valueAt(service, 'volumes', document), document)
  const envFiles = elementsOf(valueAt(service, 'env_file', document), document)
  return [
    ...volumes.flatMap((volume) => mountOf(volume, document)),
    ...envFiles.flatMap((one) => whole('env-file', isScalar(one) ? one : valueAt(one, 'path', document))),
    ...buildOf(valueAt(service, 'build', document), document),
  ]
}

function mountOf(volume: unknown, document: Document): readonly PathPlace[] {
  if (isMap(volume)) {
    const type = textOf(valueAt(volume, 'type', document))?.text
    return type === 'bind' ? whole('mount', valueAt(volume, 'source', document)) : []
  }
  const at = textOf(volume)
  const [, path = '', rest = ''] = at === null ? [] : (shortVolume.exec(at.text) ?? [])
  return at === null || path === '' ? [] : [{ role: 'mount', path, rest, at }]
}

/** `./site:/www:ro`; a colon inside of `${SITE:-./site}` parts nothing. */
const shortVolume = /^((?:\$\{(?:\$\{[^}]*\}|[^}])*\}|[^:])+)(:.*)$/s

function buildOf(build: unknown, document: Document): readonly PathPlace[] {
  if (!isMap(build)) return whole('build', build)
  const context = valueAt(build, 'context', document)
  if (context === null) return [{ role: 'build', path: '.', rest: '', at: null }]
  return whole('build', context)
}

function filesOf(role: 'config' | 'secret', top: unknown, document: Document): readonly PathPlace[] {
  const all = entriesOf(valueAt(top, `${role}s`, document), document)
  return all.flatMap(({ value }) => whole(role, valueAt(value, 'file', document)))
}

function whole(role: PathPlace['role'], node: unknown): readonly PathPlace[] {
  const at = textOf(node)
  return at === null ? [] : [{ role, path: at.text, rest: '', at }]
}

function envOf(service: string, table: unknown, document: Document): readonly EnvPlace[] {
  const environment = valueAt(table, 'environment', document)
  if (isMap(environment)) {
    return entriesOf(environment, document).flatMap(({ key, value }) => {
      const at = textOf(value)
      return at === null ? [] : [{ service, name: key, text: at.text, at, before: '' }]
    })
  }
  return elementsOf(environment, document).flatMap((line) => {
    const at = textOf(line)
    const cut = at?.text.indexOf('=') ?? -1
    if (at === null || cut < 1) return []
    return [
      { service, name: at.text.slice(0, cut), text: at.text.slice(cut + 1), at, before: at.text.slice(0, cut + 1) },
    ]
  })
}

/** A text with these scalars written anew, everything else as it was. */
export function withTexts(text: string, edits: readonly TextNode[]): string {
  const fromTheEnd = [...edits].sort((one, other) => other.from - one.from)
  return fromTheEnd.reduce((all, { text: said, from, to }) => all.slice(0, from) + quoted(said) + all.slice(to), text)
}

/** Plain where nothing in it means anything to YAML, else as a string of JSON, which YAML reads too. */
function quoted(text: string): string {
  return /^[./][\w./-]*(?::[\w./-]+)*$/.test(text) ? text : JSON.stringify(text)
}
