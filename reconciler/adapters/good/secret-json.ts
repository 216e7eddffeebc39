import { Secret } from '../../model/secret.ts'

/** A value and all its secrets as JSON. Whoever writes it keeps the file for our eyes only. */
export function revealedJson(value: unknown): string {
  return JSON.stringify(revealed(value))
}

/** The same value, its secrets secret again. Throws where the text is no JSON. */
export function concealed(text: string): unknown {
  return JSON.parse(text, (_, value) => (isRevealed(value) ? new Secret(value.$secret) : value))
}

function revealed(value: unknown): unknown {
  if (value instanceof Secret) return { $secret: value.reveal() }
  if (Array.isArray(value)) return value.map(revealed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, revealed(one)]))
}

function isRevealed(value: unknown): value is { readonly $secret: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === 1 &&
    typeof (value as { $secret?: unknown }).$secret === 'string'
  )
}
