import type { AST } from 'toml-eslint-parser'

/** Keys and indexes that lead to a value: `['users', 0, 'role']`. */
export type TomlPath = readonly PropertyKey[]

/** Where a key and its value stand. */
export interface Place {
  readonly key: AST.TOMLNode
  readonly value: AST.TOMLContentNode | null
  /** False for a table that was only mentioned on the way to another one: `a` in `[a.b]`. */
  readonly isDirect: boolean
}

/** Every key and list item of a file, by `placeName` of its path. */
export function placesIn(program: AST.TOMLProgram): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>()
  for (const entry of program.body[0].body) {
    if (entry.type === 'TOMLTable') noteTable(places, entry)
    else notePair(places, entry, [])
  }
  return places
}

function noteTable(places: Map<string, Place>, table: AST.TOMLTable): void {
  const path: PropertyKey[] = []
  let key: AST.TOMLNode = table
  let segment = 0
  for (const part of table.resolvedKey) {
    path.push(part)
    if (typeof part === 'string') key = table.key.keys[segment++] ?? table
    note(places, path, { key, value: null, isDirect: path.length === table.resolvedKey.length })
  }
  for (const pair of table.body) notePair(places, pair, path)
}

function notePair(places: Map<string, Place>, pair: AST.TOMLKeyValue, prefix: TomlPath): void {
  const path = [...prefix]
  for (const [index, key] of pair.key.keys.entries()) {
    path.push(key.type === 'TOMLBare' ? key.name : key.value)
    const isLast = index === pair.key.keys.length - 1
    note(places, path, { key, value: isLast ? pair.value : null, isDirect: isLast })
  }
  noteInside(places, pair.value, path)
}

function noteInside(places: Map<string, Place>, value: AST.TOMLContentNode, path: TomlPath): void {
  if (value.type === 'TOMLInlineTable') {
    for (const pair of value.body) notePair(places, pair, path)
  }
  if (value.type !== 'TOMLArray') return
  for (const [index, element] of value.elements.entries()) {
    note(places, [...path, index], { key: element, value: element, isDirect: true })
    noteInside(places, element, [...path, index])
  }
}

function note(places: Map<string, Place>, path: TomlPath, place: Place): void {
  const known = places.get(placeName(path))
  if (known === undefined || (place.isDirect && !known.isDirect)) places.set(placeName(path), place)
}

export function placeName(path: TomlPath): string {
  return JSON.stringify(path)
}
