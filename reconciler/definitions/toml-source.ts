import { parse } from 'smol-toml'
import { type AST, parseTOML } from 'toml-eslint-parser'
import type { Problem, SourcePosition } from '../model/problem.ts'
import type { Template } from '../model/stacklet.ts'
import { type Place, placeName, placesIn, type TomlPath } from './toml-places.ts'
import { explainSyntax } from './toml-syntax.ts'

/** One TOML file: its values, and where each of them stands. */
export interface TomlSource {
  readonly file: string
  readonly value: Readonly<Record<string, unknown>>
  readonly places: ReadonlyMap<string, Place>
  readonly text: string
  /** Paths taken out of `value` because something is wrong with them, as they were counted in the file. */
  readonly removed: ReadonlySet<string>
}

/** Reads the text; a file that is no TOML answers the one place where reading stopped. */
export function readTomlSource(text: string, file: string): { source: TomlSource; problems: readonly Problem[] } {
  const plain = text.replace(/^\ufeff/, '')
  const empty: TomlSource = { file, value: {}, places: new Map(), text: plain, removed: new Set() }
  try {
    const value = parse(plain)
    const places = placesIn(parseTOML(plain, { tomlVersion: '1.1' }))
    const source = { ...empty, value, places }
    return { source, problems: unusable(source) }
  } catch (error) {
    return { source: empty, problems: [explainSyntax(error, file, plain)] }
  }
}

/** Where the name of a value stands; for what is not in the file, of the nearest table around it. */
export function keyPosition(source: TomlSource, path: TomlPath): SourcePosition {
  return position(source, path, (place) => place.key)
}

/** Where a value itself begins. */
export function valuePosition(source: TomlSource, path: TomlPath): SourcePosition {
  return position(source, path, (place) => place.value ?? place.key)
}

/** The scalar at this path as text: strings as they are, numbers and dates as written, booleans lower case. */
export function templateAt(source: TomlSource, path: TomlPath): Template {
  const node = source.places.get(placeName(inFile(source, path)))?.value
  const at = valuePosition(source, path)
  if (node?.type !== 'TOMLValue') return { text: '', at }
  return { text: scalarText(node), at, written: source.text.slice(node.range[0], node.range[1]) }
}

/** The same file without the values at these paths, so that the rest of it can be read. */
export function withoutPaths(source: TomlSource, paths: readonly TomlPath[]): TomlSource {
  const removed = new Set([...source.removed, ...paths.map((path) => placeName(inFile(source, path)))])
  const goners = new Set(paths.map(placeName))
  return { ...source, value: pruned(source.value, [], goners) as Record<string, unknown>, removed }
}

/** Whether this value stands in the file and was left out: it has been complained about. */
export function isLeftOut(source: TomlSource, path: TomlPath): boolean {
  return source.removed.has(placeName(inFile(source, path)))
}

function pruned(value: unknown, path: TomlPath, goners: ReadonlySet<string>): unknown {
  const stays = (key: PropertyKey) => !goners.has(placeName([...path, key]))
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => (stays(index) ? [pruned(item, [...path, index], goners)] : []))
  }
  if (!isTable(value)) return value
  const kept = Object.entries(value).filter(([key]) => stays(key))
  return Object.fromEntries(kept.map(([key, item]) => [key, pruned(item, [...path, key], goners)]))
}

export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

function position(source: TomlSource, path: TomlPath, pick: (place: Place) => AST.TOMLNode): SourcePosition {
  const known = inFile(source, path)
  for (let length = known.length; length > 0; length--) {
    const place = source.places.get(placeName(known.slice(0, length)))
    if (place === undefined) continue
    const { line, column } = pick(place).loc.start
    return { file: source.file, line, column: column + 1 }
  }
  return { file: source.file, line: 0, column: 0 }
}

/** The path as counted in the file: list items that were taken out are counted again. */
function inFile(source: TomlSource, path: TomlPath): TomlPath {
  const counted: PropertyKey[] = []
  for (const key of path) {
    let index = key
    for (let other = 0; typeof index === 'number' && other <= index; other++) {
      if (source.removed.has(placeName([...counted, other]))) index++
    }
    counted.push(index)
  }
  return counted
}

function scalarText(node: AST.TOMLValue): string {
  switch (node.kind) {
    case 'string':
      return node.value
    case 'integer':
      return node.bigint.toString()
    case 'float':
      return node.number
    case 'boolean':
      return node.value ? 'true' : 'false'
    default:
      return node.datetime
  }
}

/** What TOML allows and nothing behind us can carry. */
function unusable(source: TomlSource): readonly Problem[] {
  const problems: Problem[] = []
  for (const [name, place] of source.places) {
    const path: TomlPath = JSON.parse(name)
    if (path.at(-1) === '__proto__') {
      problems.push(refusal('the name __proto__ cannot be used', keyPosition(source, path)))
    }
    if (place.value?.type === 'TOMLValue' && String(place.value.value).includes('\0')) {
      problems.push(refusal('a text cannot hold a NUL character', valuePosition(source, path)))
    }
  }
  return problems
}

function refusal(message: string, at: SourcePosition): Problem {
  return { level: 'error', code: 'value', message, hint: 'take it out', at, about: null }
}
