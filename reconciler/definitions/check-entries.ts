import { isStackletId, reservedIds } from '../model/names.ts'
import type { Problem } from '../model/problem.ts'
import type { DesiredEntry } from './desired-document.ts'
import { suggest } from './explain.ts'

/** Whether each entry names a stacklet there is. What is declared absent may be gone already. */
export function checkEntries(entries: readonly DesiredEntry[], discovered: readonly string[]): readonly Problem[] {
  const known = new Set(discovered)
  return entries.flatMap((entry) => explainEntry(entry, known))
}

function explainEntry({ id, at, state }: DesiredEntry, discovered: ReadonlySet<string>): readonly Problem[] {
  const error = { level: 'error', at, about: null } as const
  if (reservedIds.includes(id)) {
    const message = `"${id}" is a command of stack: a stacklet cannot be called that`
    return [{ ...error, code: 'reserved-id', message, hint: 'give its directory and this entry another name' }]
  }
  if (!isStackletId(id)) {
    const hint = suggest(id, discovered, 'use lower case letters, digits, - and _')
    return [{ ...error, code: 'bad-id', message: `${JSON.stringify(id)} is not a name for a stacklet`, hint }]
  }
  if (discovered.has(id) || state === 'absent') return []
  const hint = suggest(id, discovered, `add stacklets/${id}/stacklet.toml, or take the entry out`)
  return [{ ...error, code: 'unknown-stacklet', message: `there is no stacklets/${id}/`, hint }]
}
