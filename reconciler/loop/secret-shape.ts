import type { WantedSecret } from '../ports/secret-store.ts'

/** Passwords that a person types on a phone are short; all others are long. */
const typedSecrets: readonly string[] = ['global__ADMIN_PASSWORD']

export function shapeOfSecret(name: string): WantedSecret['shape'] {
  return typedSecrets.includes(name) ? 'typed' : 'service'
}
