import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml'

/** A key and what it holds, aliases followed. */
export interface Entry {
  readonly key: string
  readonly value: Node | null
}

/** What a mapping says, with what it merges in from elsewhere (`<<: *base`) behind what it says itself. */
export function entriesOf(node: unknown, document: Document): readonly Entry[] {
  const map = follow(node, document)
  if (!isMap(map)) return []
  const all = [...ownEntries(map, document), ...mergedMaps(map).flatMap((base) => entriesOf(base, document))]
  return all.filter(({ key }, index) => all.findIndex((other) => other.key === key) === index)
}

export function valueAt(node: unknown, key: string, document: Document): Node | null {
  return entriesOf(node, document).find((entry) => entry.key === key)?.value ?? null
}

/** The elements of a list; a single scalar is a list of one. */
export function elementsOf(node: unknown, document: Document): readonly Node[] {
  const list = follow(node, document)
  if (isScalar(list)) return [list]
  return isSeq(list) ? list.items.map((item) => follow(item, document)).filter((item) => item !== null) : []
}

/** A scalar that says something, with its place in the text. */
export function textOf(node: unknown): TextNode | null {
  if (!isScalar(node) || node.value === null || node.range === undefined || node.range === null) return null
  const [from, to] = node.range
  return { text: writtenText(node), from, to }
}

export interface TextNode {
  readonly text: string
  /** Where it stands, quotes included. */
  readonly from: number
  readonly to: number
}

/** `1.10` and `0755` stay what was written: Compose reads environment values as the text they are. */
function writtenText(node: Scalar): string {
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
}

function ownEntries(map: YAMLMap, document: Document): readonly Entry[] {
  return map.items.flatMap(({ key, value }) => {
    if (!isScalar(key) || isMerge(key)) return []
    return [{ key: String(key.value), value: follow(value, document) }]
  })
}

function mergedMaps(map: YAMLMap): readonly unknown[] {
  const merges = map.items.filter(({ key }) => isScalar(key) && isMerge(key)).map(({ value }) => value)
  return merges.flatMap((value) => (isSeq(value) ? value.items : [value]))
}

function isMerge(key: Scalar): boolean {
  return key.value === '<<' || (typeof key.value === 'symbol' && key.source === '<<')
}

function follow(node: unknown, document: Document): Node | null {
  if (isAlias(node)) return node.resolve(document) ?? null
  return (node as Node | null | undefined) ?? null
}
