export interface Scrubber {
  /** The text with `***` in place of every secret known by now. */
  scrub(text: string): string
  /** A value that has become a secret meanwhile. */
  learn(value: string): void
}

/** Shorter values are words that anybody may print; hiding them would only garble what is said. */
const shortestSecret = 4
const shortestLine = 8

export function scrubber(secrets: Iterable<string> = []): Scrubber {
  const hidden = new Set([...secrets].flatMap(textsOf))
  let pattern: RegExp | null = null

  return {
    scrub: (text) => {
      if (hidden.size === 0) return text
      pattern ??= anyOf(hidden)
      return text.replace(pattern, '***')
    },
    learn: (value) => {
      const before = hidden.size
      for (const text of textsOf(value)) hidden.add(text)
      if (hidden.size > before) pattern = null
    },
  }
}

/** Output comes line by line, so each line of a long secret is one; and each in every way a program may write it. */
function textsOf(value: string): readonly string[] {
  const lines = value.includes('\n') ? value.split('\n').filter((line) => line.trim().length >= shortestLine) : []
  const whole = [value, ...lines.map((line) => line.trim())].filter((text) => text.length >= shortestSecret)
  return [...new Set(whole.flatMap(waysToWrite))].filter((text) => text.length >= shortestSecret)
}

function waysToWrite(value: string): readonly string[] {
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    value.replaceAll('$', '$$$$'),
    inUrl(value),
    Buffer.from(value).toString('base64').replace(/=+$/, ''),
  ]
}

/** Half a character cannot stand in a URL. */
function inUrl(value: string): string {
  try {
    return encodeURIComponent(value)
  } catch {
    return ''
  }
}

/** The longest first: one secret may begin with another. */
function anyOf(texts: ReadonlySet<string>): RegExp {
  const sorted = [...texts].sort((a, b) => b.length - a.length)
  return new RegExp(sorted.map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g')
}
