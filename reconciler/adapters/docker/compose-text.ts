import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar } from 'yaml'
import type { ComposeComplaint } from '../../ports/compose.ts'

/** A Compose file as text with a map of where things stand in it. */
export interface ComposeText {
  readonly text: string
  readonly document: Document
  readonly lines: LineCounter
}

/** Reads the text as YAML. What is no YAML, or no mapping, is a complaint with its place. */
export function readComposeText(text: string): ComposeText | ComposeComplaint {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, merge: true })
  const error = document.errors[0]
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0])
    const message = error.message.split(/ at line /)[0] ?? error.message
    return {
      code: 'compose',
      message: `is no YAML: ${message}`,
      hint: 'mend the YAML at that place',
      line,
      column: col,
    }
  }
  if (!isMap(document.contents) || !isMap(document.get('services'))) {
    const hint = 'give it a services: mapping, or delete the file if this stacklet has no containers'
    return { code: 'compose', message: 'has no services', hint, line: 1, column: 1 }
  }
  return { text, document, lines }
}

/** The file's own `name:`, null when it has none. */
export function projectNameIn({ document }: ComposeText): string | null {
  const name = document.get('name')
  return typeof name === 'string' && name !== '' ? name : null
}

/** The same text with every `env_file` entry that means the stacklet's own `.env` pointing at `path`; the rest is untouched. */
export function withEnvFile({ text, document }: ComposeText, path: string): string {
  const services = document.get('services')
  const entries = isMap(services) ? services.items.flatMap((pair) => envFileScalars(pair.value as Node | null)) : []
  const own = entries.filter((scalar) => ownNames.includes(String(scalar.value)))
  const byPlace = own.sort((one, other) => (other.range?.[0] ?? 0) - (one.range?.[0] ?? 0))
  return byPlace.reduce((result, scalar) => {
    const [from, to] = scalar.range ?? [0, 0]
    return result.slice(0, from) + JSON.stringify(path) + result.slice(to)
  }, text)
}

const ownNames: readonly string[] = ['.env', './.env']

/** `env_file` is a text, a list of texts, or a list of mappings with `path`. */
function envFileScalars(service: Node | null): readonly Scalar[] {
  const value = isMap(service) ? service.get('env_file', true) : undefined
  const entries = isSeq(value) ? value.items : [value]
  return entries.map((entry) => (isMap(entry) ? entry.get('path', true) : entry)).filter((entry) => isScalar(entry))
}

/** Where a dotted path of a message (`services.web.ports`) stands; its nearest ancestor that is there; else the first line. */
export function placeOf(
  { document, lines }: ComposeText,
  dotted: string,
): { readonly line: number; readonly column: number } {
  const words = dotted.split('.').filter((word) => word !== '')
  for (let count = words.length; count > 0; count -= 1) {
    const key = keyAt(document, words.slice(0, count))
    const start = key?.range?.[0]
    if (start !== undefined) return at(lines, start)
  }
  return { line: 1, column: 1 }
}

function keyAt(document: Document, path: readonly string[]): Node | null {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (!isMap(parent)) return null
  const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === path.at(-1))
  return pair === undefined ? null : (pair.key as Node)
}

/** Where `$NAME` or `${NAME` first stands, else the first line. */
export function placeOfVariable(
  { text, lines }: ComposeText,
  name: string,
): { readonly line: number; readonly column: number } {
  const found = new RegExp(`\\$\\{?${name}\\b`).exec(text)
  return found === null ? { line: 1, column: 1 } : at(lines, found.index)
}

/** Where a text first stands, else the first line. */
export function placeOfText(
  { text, lines }: ComposeText,
  sought: string,
): { readonly line: number; readonly column: number } {
  const offset = text.indexOf(sought)
  return offset < 0 ? { line: 1, column: 1 } : at(lines, offset)
}

function at(lines: LineCounter, offset: number): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}
