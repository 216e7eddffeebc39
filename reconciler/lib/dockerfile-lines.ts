/** One instruction of a Dockerfile: its word in capitals, and what follows on its line and on those that continue it. */
export interface Instruction {
  readonly word: string
  readonly rest: string
}

/** The instructions of a Dockerfile in their order, without comments and without the bodies of here-documents. */
export function dockerfileLines(text: string): readonly Instruction[] {
  const lines = text.split(/\r?\n/)
  const found: Instruction[] = []
  for (let next = 0; next < lines.length; ) {
    const { whole, end } = joined(lines, next)
    const [, word = '', rest = ''] = /^\s*(\w+)\s+(.*?)\s*$/s.exec(whole) ?? []
    next = afterBodies(rest, lines, end)
    if (word !== '') found.push({ word: word.toUpperCase(), rest })
  }
  return found
}

/** A line with those that a backslash adds to it; comments between them do not count. `end` is the first line after. */
function joined(lines: readonly string[], start: number): { readonly whole: string; readonly end: number } {
  let whole = ''
  for (let index = start; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    if (isComment(line)) continue
    whole += line.replace(/\\[ \t]*$/, ' ')
    if (!/\\[ \t]*$/.test(line)) return { whole, end: index + 1 }
  }
  return { whole, end: lines.length }
}

function isComment(line: string): boolean {
  return /^\s*#/.test(line)
}

/** The first line after what `<<WORD` begins. */
function afterBodies(rest: string, lines: readonly string[], from: number): number {
  let next = from
  for (const [, word = ''] of rest.matchAll(/<<-?["']?(\w+)["']?/g)) {
    const end = lines.findIndex((line, index) => index >= next && line.trim() === word)
    if (end >= 0) next = end + 1
  }
  return next
}
