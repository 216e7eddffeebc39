import { type AST, parseTOML } from 'toml-eslint-parser'

/** Replace what stands between two offsets. */
export interface Edit {
  readonly from: number
  readonly to: number
  readonly insert: string
}

type ValuePath = readonly [section: string, id: string, key: string]

/**
 * The smallest edit that gives `[section.id] key` this text: in place of its value, or beside what is said of it already, in
 * the manner in which that is said, or as a new table at the end. Says nothing of whether the file can be read afterwards.
 */
export function placeEdit(text: string, path: ValuePath, value: string): Edit {
  const program = parseTOML(text, { tomlVersion: '1.1' })
  const pairs = pairsOf(program)
  const [section, id, key] = path
  const own = pairs.find((pair) => isAt(pair, path))
  if (own !== undefined) return inPlace(own.node.value, text, value)

  const header = headersOf(program).find(({ table, keys }) => table.kind === 'standard' && isPath(keys, [section, id]))
  if (header !== undefined) return belowHeader(header.table, text, `${key} = "${value}"`)

  const inline = pairs.find((pair) => isAt(pair, [section, id]))?.node.value
  if (inline?.type === 'TOMLInlineTable') return insideBraces(inline, `${key} = "${value}"`)

  const dotted = pairs.find((pair) => pair.outer < 2 && startsWith(pair.path, [section, id]))
  if (dotted !== undefined) return besideDotted(dotted, text, `.${key} = "${value}"`)

  const around = pairs.find((pair) => isAt(pair, [section]))?.node.value
  if (around?.type === 'TOMLInlineTable') return insideBraces(around, `${id} = { ${key} = "${value}" }`)

  const table = [`[${section}.${id}]`, `${key} = "${value}"`, '']
  const below = headersOf(program).find(({ keys }) => startsWith(keys, [section, id]))
  return below === undefined ? atEnd(text, table) : above(below.table, text, [...table, ''])
}

/** A `key = value` anywhere in the file, with the whole path to it. */
interface Pair {
  readonly node: AST.TOMLKeyValue
  readonly path: readonly PropertyKey[]
  /** How many keys of the path the tables around it say. */
  readonly outer: number
  readonly isInline: boolean
}

function headersOf(program: AST.TOMLProgram) {
  const tables = program.body[0].body.filter((entry) => entry.type === 'TOMLTable')
  return tables.map((table) => ({ table, keys: table.resolvedKey }))
}

function pairsOf(program: AST.TOMLProgram): readonly Pair[] {
  return program.body[0].body.flatMap((entry) =>
    entry.type === 'TOMLTable'
      ? entry.body.flatMap((node) => pairsIn(node, entry.resolvedKey, false))
      : pairsIn(entry, [], false),
  )
}

function pairsIn(node: AST.TOMLKeyValue, around: readonly PropertyKey[], isInline: boolean): readonly Pair[] {
  const path = [...around, ...node.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value))]
  const pair = { node, path, outer: around.length, isInline }
  const inner = node.value.type === 'TOMLInlineTable' ? node.value.body : []
  return [pair, ...inner.flatMap((one) => pairsIn(one, path, true))]
}

function isAt({ path }: Pair, wanted: readonly PropertyKey[]): boolean {
  return isPath(path, wanted)
}

function isPath(path: readonly PropertyKey[], wanted: readonly PropertyKey[]): boolean {
  return path.length === wanted.length && startsWith(path, wanted)
}

function startsWith(path: readonly PropertyKey[], wanted: readonly PropertyKey[]): boolean {
  return wanted.every((key, index) => path[index] === key)
}

/** Keeps the quotes that the person likes. */
function inPlace(node: AST.TOMLContentNode, text: string, value: string): Edit {
  const [from, to] = node.range
  const written = text.slice(from, to)
  const quote = written.startsWith("'") && !written.startsWith("'''") ? "'" : '"'
  return { from, to, insert: `${quote}${value}${quote}` }
}

function belowHeader(table: AST.TOMLTable, text: string, line: string): Edit {
  const first = table.body[0]
  const indent = indentAt(text, (first ?? table).range[0])
  const newline = text.indexOf('\n', table.key.range[1])
  if (newline === -1) return { from: text.length, to: text.length, insert: `${endOfLine(text)}${indent}${line}` }
  return { from: newline + 1, to: newline + 1, insert: `${indent}${line}${endOfLine(text)}` }
}

function insideBraces({ range, body }: AST.TOMLInlineTable, entry: string): Edit {
  const [from, to] = range
  return body.length === 0
    ? { from, to, insert: `{ ${entry} }` }
    : { from: from + 1, to: from + 1, insert: ` ${entry},` }
}

/** `photos.requires = []` gets a `photos.state` before it, with the keys up to the id as they are written there. */
function besideDotted({ node, outer, isInline }: Pair, text: string, rest: string): Edit {
  const [from] = node.range
  const idKey = node.key.keys[1 - outer] ?? node.key
  const said = text.slice(from, idKey.range[1]) + rest
  return { from, to: from, insert: isInline ? `${said}, ` : `${said}${endOfLine(text)}${indentAt(text, from)}` }
}

function above({ range }: AST.TOMLTable, text: string, lines: readonly string[]): Edit {
  const from = text.lastIndexOf('\n', range[0] - 1) + 1
  const indent = text.slice(from, range[0])
  const insert = lines.map((line) => (line === '' ? '' : indent + line)).join(endOfLine(text))
  return { from, to: from, insert }
}

/** A blank line parts it from what stands before. */
function atEnd(text: string, lines: readonly string[]): Edit {
  const newline = endOfLine(text)
  const isWhole = text === '' || text.endsWith('\n')
  const isParted = text === '' || /\n[ \t]*\r?\n[ \t]*$/.test(text) || /^\s*$/.test(text)
  const before = `${isWhole ? '' : newline}${isParted ? '' : newline}`
  return { from: text.length, to: text.length, insert: before + lines.join(newline) }
}

function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? ''
}

function endOfLine(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n'
}
