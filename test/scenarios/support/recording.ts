/** A page with what was typed at a terminal and what came back: indented blocks, commands behind `$ `, their further lines behind `> `. */
export type Piece =
  | { readonly kind: 'prose'; readonly lines: readonly string[] }
  | { readonly kind: 'command'; readonly command: string; readonly output: readonly string[] }

const indent = '    '

export function readRecording(page: string): readonly Piece[] {
  const pieces: Piece[] = []
  for (const line of page.split('\n')) {
    const last = pieces.at(-1)
    const longer = last === undefined ? null : continued(last, line)
    if (longer !== null) pieces.splice(-1, 1, longer)
    else if (line.startsWith(typed)) pieces.push({ kind: 'command', command: line.slice(typed.length), output: [] })
    else pieces.push({ kind: 'prose', lines: [line] })
  }
  return pieces.map(withoutGap)
}

const typed = `${indent}$ `
const typedMore = `${indent}>`

/** The piece with one more line; null where the line begins another. */
function continued(piece: Piece, line: string): Piece | null {
  if (line.startsWith(typed)) return null
  if (piece.kind === 'prose') return { ...piece, lines: [...piece.lines, line] }
  const { command, output } = piece
  if (line.startsWith(typedMore) && output.length === 0)
    return { ...piece, command: `${command}\n${line.slice(typedMore.length + 1)}` }
  const isOutput = line.startsWith(indent) || line === ''
  return isOutput ? { ...piece, output: [...output, line.slice(indent.length)] } : null
}

/** Empty lines behind the last word of an output are the page's own. */
function withoutGap(piece: Piece): Piece {
  return piece.kind === 'prose' ? piece : { ...piece, output: trimmed(piece.output) }
}

function trimmed(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => line !== '')
  return lines.slice(0, last + 1)
}

/** The page again. Between two commands stands an empty line, as between a command and what is said of it. */
export function writeRecording(pieces: readonly Piece[]): string {
  const parts = pieces.map((piece) => {
    if (piece.kind === 'prose') return piece.lines.join('\n').trim()
    const typed = piece.command.split('\n').map((line, index) => `${index === 0 ? '$' : '>'} ${line}`.trimEnd())
    return [...typed, ...trimmed(piece.output)].map((line) => `${indent}${line}`.trimEnd()).join('\n')
  })
  return `${parts.join('\n\n')}\n`
}
