import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import type { SourcePosition } from '../../model/problem.ts'
import { isTable } from '../toml-source.ts'

type ComposePath = readonly (string | number)[]
type Table = Readonly<Record<string, unknown>>

/** A Compose file as it is written: nothing interpolated, anchors and merges followed, with the place of everything. */
export interface ComposeSource {
  readonly top: Table
  readonly services: readonly ServiceSource[]
  /** Where the value at this path stands, or what is nearest around it. */
  at(path: ComposePath): SourcePosition
}

export interface ServiceSource {
  readonly key: string
  readonly table: Table
}

/** Null for what is no YAML, or holds no services: that is complained about elsewhere. */
export function readComposeSource(text: string, file: string): ComposeSource | null {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false })
  if (document.errors.length > 0) return null
  const top: unknown = document.toJS()
  if (!isTable(top) || !isTable(top['services'])) return null
  const services = Object.entries(top['services']).flatMap(([key, table]) => (isTable(table) ? [{ key, table }] : []))
  return { top, services, at: (path) => positionOf(document, path, lines, file) }
}

function positionOf(document: Document, path: ComposePath, lines: LineCounter, file: string): SourcePosition {
  for (let length = path.length; length > 0; length -= 1) {
    const offset = offsetAt(document, path.slice(0, length))
    if (offset === null) continue
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  return { file, line: 1, column: 1 }
}

/** Of a scalar its own place; of a table, a list or nothing its key's. */
function offsetAt(document: Document, path: ComposePath): number | null {
  const value = document.getIn(path, true)
  if (!isNode(value)) return null
  const isOwnPlace = (isScalar(value) && value.value !== null) || typeof path.at(-1) === 'number'
  return (isOwnPlace ? value : keyAt(document, path))?.range?.[0] ?? value.range?.[0] ?? null
}

function keyAt(document: Document, path: ComposePath) {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (!isMap(parent)) return null
  const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1))
  return isNode(pair?.key) ? pair.key : null
}

/** What a key holds as a list of texts: Compose takes one text, a list, or a mapping's names in many places. */
export function textsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string')
  if (isTable(value)) return Object.keys(value)
  return typeof value === 'string' ? [value] : []
}

/** `NAME=value` lines and `NAME: value` mappings alike, each with the path that leads to it. */
export function pairsIn(
  value: unknown,
): readonly { readonly name: string; readonly text: string; readonly path: ComposePath }[] {
  if (isTable(value)) {
    return Object.entries(value).map(([name, one]) => ({ name, text: String(one ?? ''), path: [name] }))
  }
  if (!Array.isArray(value)) return []
  return value.flatMap((line: unknown, index) => {
    if (typeof line !== 'string' || !line.includes('=')) return []
    const cut = line.indexOf('=')
    return [{ name: line.slice(0, cut), text: line.slice(cut + 1), path: [index] }]
  })
}
