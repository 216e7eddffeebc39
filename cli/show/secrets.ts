import { rotatedName } from '../../reconciler/index.ts'
import { document } from './json.ts'

/** Names only. */
export function secretLines(names: readonly string[]): readonly string[] {
  if (names.length === 0) return ['No secrets yet: the first run makes them.']
  return names.map((name) => (rotatedName(name) === null ? name : `${name} (what it was before it was rotated)`))
}

export function secretsDocument(names: readonly string[]): string {
  return document({ secrets: names.map((name) => ({ name, previousOf: rotatedName(name) })) })
}
