/**
 * A value that must not be seen by accident. Printing, logging, inspecting or serialising one gives `***`; only `reveal`
 * gives the text, so every place that uses the value says so.
 */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  reveal(): string {
    return this.#text
  }

  toString(): string {
    return '***'
  }

  toJSON(): string {
    return '***'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '***'
  }
}

const previousEnd = '__previous'

/** Where the value is kept that a secret had before it was rotated, until a run has handed the new one out. */
export function previousName(name: string): string {
  return `${name}${previousEnd}`
}

/** The name of the secret whose former value is kept under this one; null where it keeps none. */
export function rotatedName(name: string): string | null {
  return name.endsWith(previousEnd) ? name.slice(0, -previousEnd.length) : null
}
