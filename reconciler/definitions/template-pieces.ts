/** A stretch of a template: text, a variable, or something that is neither. Offsets count from the start of the template. */
export type Piece = { readonly kind: 'text'; readonly text: string } | Field | Fault

export interface Field {
  readonly kind: 'field'
  readonly name: string
  readonly layout: Layout
  readonly offset: number
}

export interface Fault {
  readonly kind: 'fault'
  readonly message: string
  readonly hint: string
  readonly offset: number
}

export interface Layout {
  readonly fill: string
  readonly align: string
  readonly width: number
}

const doubled = 'write {{ and }} for braces that are meant'

/** The template language is the plain part of Python's `str.format`: names, fill, alignment and width. */
export function readPieces(text: string): readonly Piece[] {
  const pieces: Piece[] = []
  let offset = 0
  while (offset < text.length) {
    const [piece, length] = nextPiece(text, offset)
    pieces.push(piece)
    offset += length
  }
  return pieces
}

function nextPiece(text: string, offset: number): readonly [Piece, number] {
  const two = text.slice(offset, offset + 2)
  if (two === '{{' || two === '}}') return [{ kind: 'text', text: two.slice(1) }, 2]
  if (two.startsWith('}')) return [{ kind: 'fault', message: 'a } without a {', hint: doubled, offset }, 1]
  if (two.startsWith('{')) return braced(text, offset)
  const plain = /[^{}]+/y
  plain.lastIndex = offset
  const run = plain.exec(text)?.[0] ?? ''
  return [{ kind: 'text', text: run }, run.length]
}

function braced(text: string, offset: number): readonly [Piece, number] {
  const end = endOfField(text, offset)
  if (end === null) return [{ kind: 'fault', message: 'a { that is never closed', hint: doubled, offset }, 1]
  return [readField(text.slice(offset + 1, end), offset), end + 1 - offset]
}

/** Where the brace at `start` is closed; braces in between count. */
function endOfField(text: string, start: number): number | null {
  let depth = 0
  for (let index = start; index < text.length; index++) {
    if (text[index] === '{') depth++
    if (text[index] === '}') depth--
    if (depth === 0) return index
  }
  return null
}

const shapeOfField = /^(?<name>[^!:]*)(?<conversion>![^:]*)?(?::(?<layout>.*))?$/s
const shapeOfName = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]*$/u

function readField(inside: string, offset: number): Field | Fault {
  const { name = '', conversion, layout: written = '' } = shapeOfField.exec(inside)?.groups ?? {}
  const layout = readLayout(written)
  const fault = faultOfName(inside, name) ?? faultOfRest(inside, name, { conversion, layout })
  if (fault !== null) return { kind: 'fault', offset, ...fault }
  return { kind: 'field', name, layout: layout ?? plainLayout, offset }
}

type Complaint = Pick<Fault, 'message' | 'hint'>

function faultOfName(inside: string, name: string): Complaint | null {
  const shown = `{${shortened(inside)}}`
  if (name === '') return { message: `${shown} names no variable`, hint: `write {name}, or ${doubled.slice(6)}` }
  if (/^\d+$/.test(name))
    return { message: `${shown} is a number, not a variable`, hint: 'write the name of a variable' }
  if (/^[\p{L}_][\p{L}\p{N}_]*[.[]/u.test(name)) {
    const whole = /^[^.[]*/.exec(name)?.[0]
    return { message: `${shown} reaches into a variable`, hint: `variables are plain texts: write {${whole}}` }
  }
  if (shapeOfName.test(name)) return null
  const trimmed = name.trim()
  const hint = shapeOfName.test(trimmed) ? `write {${trimmed}}` : doubled
  return { message: `${shown} is not a variable`, hint }
}

function faultOfRest(
  inside: string,
  name: string,
  { conversion, layout }: { readonly conversion: string | undefined; readonly layout: Layout | null },
): Complaint | null {
  const shown = `{${shortened(inside)}}`
  if (conversion !== undefined) return { message: `${shown} asks for a conversion`, hint: `write {${name}}` }
  if (layout !== null) return null
  return { message: `${shown} asks for a layout that texts do not have`, hint: `write {${name}} or {${name}:>10}` }
}

const shapeOfLayout = /^(?:(?<fill>[^{}])?(?<align>[<>^]))?(?<width>[1-9]\d{0,2})?s?$/u
const plainLayout: Layout = { fill: ' ', align: '<', width: 0 }

/** Fill, alignment and width of `{name:*^20}`; null for everything else a format may say. */
function readLayout(written: string): Layout | null {
  const groups = shapeOfLayout.exec(written)?.groups
  if (groups === undefined) return null
  const { fill = ' ', align = '<', width = '0' } = groups
  return { fill, align, width: Number(width) }
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 40 ? `${line.slice(0, 37)}…` : line
}
