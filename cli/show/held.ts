import type { HeldNote } from '../../reconciler/index.ts'
import { document } from './json.ts'

export function heldLines(held: readonly HeldNote[]): readonly string[] {
  if (held.length === 0) return ['Nothing is held.']
  return held.flatMap(({ digest, message }) => [`! ${message}`, `    stack approve ${digest}`])
}

export function heldDocument(held: readonly HeldNote[]): string {
  return document({ held: held.map(({ digest, stacklet, message, hint }) => ({ digest, stacklet, message, hint })) })
}
