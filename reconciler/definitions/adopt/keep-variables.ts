const variable = /\$(?:\$|\{(?:\$\{[^}]*\}|[^}])*\}|[A-Za-z_]\w*)/g

/** Texts with words in place of their variables, and the way back. */
export interface Kept {
  readonly texts: readonly string[]
  readonly restored: (text: string) => string
}

/**
 * Compose parts `${SITE:-./site}:/www` at the first colon where it fills in nothing. A word without one stands in for the
 * variable meanwhile, a path where the variable is filled in with one.
 */
export function keepVariables(texts: readonly string[], filledIn: (text: string) => string): Kept {
  const kept: string[] = []
  const words = texts.map((text) =>
    text.replaceAll(variable, (whole) => {
      if (whole === '$$') return whole
      kept.push(whole)
      return `${startOf(filledIn(whole))}${wordFor(kept.length - 1)}`
    }),
  )
  return { texts: words, restored: (text) => restore(text, kept, filledIn) }
}

function restore(text: string, kept: readonly string[], filledIn: (text: string) => string): string {
  return kept.reduce((all, whole, index) => {
    const word = wordFor(index)
    return all.replaceAll(startOf(filledIn(whole)) + word, () => whole).replaceAll(word, () => whole)
  }, text)
}

function wordFor(index: number): string {
  return `stackvariable${index}x`
}

function startOf(value: string): string {
  if (value.startsWith('/') || value.startsWith('~')) return '/'
  return value.startsWith('.') ? './' : ''
}
