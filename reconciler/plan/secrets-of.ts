import type { StackletId } from '../model/names.ts'

/** The full names of a stacklet's own secrets: `photos__DB_PASSWORD`. Where another id begins with this one, the longer counts. */
export function secretsOf(id: StackletId, names: readonly string[], ids: Iterable<StackletId>): readonly string[] {
  const longer = [...ids].filter((other) => other.startsWith(`${id}__`))
  return names.filter((name) => name.startsWith(`${id}__`) && !longer.some((other) => name.startsWith(`${other}__`)))
}
