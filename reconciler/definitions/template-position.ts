import type { SourcePosition } from '../model/problem.ts'
import type { Template } from '../model/stacklet.ts'

/** Line and column, in the file, of the character at `offset` of a template's text. */
export function positionIn(template: Template, offset: number): SourcePosition {
  const { text, at, written } = template
  const before = written === undefined ? text.slice(0, offset) : writtenBefore(written, offset)
  const lines = before.split('\n')
  const lastLine = lines.at(-1) ?? ''
  const column = lines.length === 1 ? at.column + lastLine.length : lastLine.length + 1
  return { file: at.file, line: at.line + lines.length - 1, column }
}

const opening = /^(?:(?:"""|''')(?:\r?\n)?|["'])/
const lineContinued = /^\\[ \t]*\r?\n\s*/
const escaped = /^\\(?:u(?<four>[\da-fA-F]{4})|U(?<eight>[\da-fA-F]{8})|x[\da-fA-F]{2}|.)/

/** What stands in the file before the character that the text has at `offset`: its escapes are longer than what they mean. */
function writtenBefore(written: string, offset: number): string {
  const opener = opening.exec(written)?.[0] ?? ''
  const hasEscapes = opener.startsWith('"')
  let index = opener.length
  for (let length = 0; index < written.length; ) {
    const [taken, meant] = hasEscapes ? nextCharacter(written.slice(index, index + 200)) : [1, 1]
    if (length >= offset && meant > 0) break
    index += taken
    length += meant
  }
  return written.slice(0, index)
}

/** How many characters the next one takes in the file, and how many it is. */
function nextCharacter(rest: string): readonly [number, number] {
  const continued = lineContinued.exec(rest)
  if (continued !== null) return [continued[0].length, 0]
  const meaning = escaped.exec(rest)
  if (meaning === null) return [1, 1]
  const isPair = Number.parseInt(meaning.groups?.['eight'] ?? '0', 16) > 0xffff
  return [meaning[0].length, isPair ? 2 : 1]
}
