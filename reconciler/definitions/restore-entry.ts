import { type AST, parseTOML } from 'toml-eslint-parser'
import { canonicalJson } from '../lib/canonical-json.ts'
import type { StackletId } from '../model/names.ts'
import type { EditedDesired } from './edit-desired.ts'
import { readTomlSource } from './toml-source.ts'

/**
 * The text of desired.toml with what another text of it says of one stacklet; everything else stays as it is, byte for byte.
 * Trusted only when the parser reads it back: an entry that is said inside of another table is refused.
 */
export function restoreEntry(text: string, other: string, id: StackletId, file: string): EditedDesired {
  const [now, then] = [readTomlSource(text, file), readTomlSource(other, file)]
  const problem = now.problems[0] ?? then.problems[0]
  if (problem !== undefined) return { problem }
  const wanted = entryIn(then.source.value, id)
  if (isSame(entryIn(now.source.value, id), wanted)) return { text }

  const blocks = blocksOf(other, id).map(({ from, to }) => other.slice(from, to))
  const edited = replaced(text, blocksOf(text, id), blocks)
  const back = readTomlSource(edited, file)
  const isRight =
    back.problems.length === 0 &&
    isSame(entryIn(back.source.value, id), wanted) &&
    isSame(without(back.source.value, id), without(now.source.value, id))
  return isRight ? { text: edited } : { problem: unplaceable(file, id) }
}

interface Block {
  readonly from: number
  readonly to: number
}

/** The tables of a stacklet as they stand in the file, header and all. */
function blocksOf(text: string, id: StackletId): readonly Block[] {
  const tables = parseTOML(text, { tomlVersion: '1.1' }).body[0].body.filter((entry) => entry.type === 'TOMLTable')
  return tables.filter((table) => isOf(table, id)).map(({ range: [from, to] }) => ({ from, to: endOfLine(text, to) }))
}

function isOf({ resolvedKey: [section, key] }: AST.TOMLTable, id: StackletId): boolean {
  return section === 'stacklets' && key === id
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end + 1
}

function replaced(text: string, old: readonly Block[], blocks: readonly string[]): string {
  const whole = blocks.map((block) => (block.endsWith('\n') ? block : `${block}\n`)).join('')
  const [first] = old
  if (first === undefined) return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}\n${whole}`
  let edited = text
  for (const { from, to } of [...old].reverse()) {
    edited = edited.slice(0, from) + (from === first.from ? whole : '') + edited.slice(to)
  }
  return edited
}

type Table = Readonly<Record<string, unknown>>

function stackletsIn(value: Table): Table {
  return (value['stacklets'] ?? {}) as Table
}

function entryIn(value: Table, id: StackletId): unknown {
  return Object.hasOwn(stackletsIn(value), id) ? stackletsIn(value)[id] : undefined
}

function without(value: Table, id: StackletId): Table {
  const others = Object.entries(stackletsIn(value)).filter(([key]) => key !== id)
  return { ...value, stacklets: Object.fromEntries(others) }
}

function isSame(one: unknown, other: unknown): boolean {
  return canonicalJson(one) === canonicalJson(other)
}

function unplaceable(file: string, id: StackletId) {
  return {
    level: 'error',
    code: 'value',
    message: `${file} says ${id} in a way that cannot be edited`,
    hint: `write [stacklets.${id}] as it was by hand: git log -p ${file}`,
    at: { file, line: 0, column: 0 },
    about: null,
  } as const
}
