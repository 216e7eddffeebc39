/** `HELP = "…"` at the beginning of a line, as Python and TypeScript write it. */
const declaration = /^(?:export\s+)?(?:const\s+|let\s+|var\s+)?HELP\s*(?::\s*[\w.]+\s*)?=\s*/m

/** One literal: triple or single quotes, or backticks; with a Python prefix. */
const literal =
  /^(?:[rRuUbB]{0,2})(?:"""([\s\S]*?)"""|'''([\s\S]*?)'''|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\[\s\S])*)`)/

/** What a command's source says about itself, without executing it: its module-level `HELP`, else an empty text. */
export function helpText(source: string): string {
  const found = declaration.exec(source)
  if (found === null) return ''
  return literals(source.slice(found.index + found[0].length))
    .map(unescaped)
    .join('')
    .trim()
}

/** A text may be in brackets, and in pieces: beside one another in Python, with `+` in both. */
function literals(source: string): readonly string[] {
  const pieces: string[] = []
  let rest = source.replace(/^\(\s*/, '')
  const isBracketed = rest !== source
  for (let match = literal.exec(rest); match !== null; match = literal.exec(rest)) {
    pieces.push(match.slice(1).find((text) => text !== undefined) ?? '')
    const between = isBracketed ? /^\s*(?:\+\s*)?/ : /^[ \t]*(?:\+\s*)?/
    rest = rest.slice(match[0].length).replace(between, '')
  }
  return pieces
}

const named: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\n': '' }

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, (_, character: string) => named[character] ?? character)
}
