import { insidePath } from '../lib/inside-path.ts'
import type { LedgerEntry } from '../model/actual.ts'
import { type DesiredStacklet, plainValues } from '../model/desired.ts'
import type { Revision } from '../model/names.ts'
import { lockedFields, lockFields } from './lock-changes.ts'
import type { Change } from './step.ts'

/** declared ≠ applied, the part git says: one change per file that was added, edited or removed, and per line of the lock. */
export function contentChanges(
  wanted: DesiredStacklet,
  entry: LedgerEntry,
  revision: Revision | null,
): readonly Change[] {
  if (wanted.content === entry.content) return []
  const cause = revision === null ? 'edited here' : `commit ${revision.slice(0, 7)}`
  const files = differences(wanted.stacklet.files, entry.files)
  const edited = files.map(({ key, want, got }) => ({
    field: key,
    want: want?.slice(0, 12) ?? null,
    got: got?.slice(0, 12) ?? null,
    cause: `${cause}, ${insidePath(wanted.stacklet.path, key) ?? key}`,
  }))
  const lines = differences(lockedFields(wanted.locked), lockFields(entry.locked))
  const locked = lines.map(({ key, want, got }) => ({ field: key, want, got, cause: `${cause}, desired/stack.lock` }))
  return [...edited, ...locked]
}

/** declared ≠ applied, the part the host adds. A value is shown when it is no secret, before and now. */
export function inputChanges(wanted: DesiredStacklet, entry: LedgerEntry): readonly Change[] {
  const now = plainValues(wanted.env)
  return differences(wanted.inputs, entry.inputs).map(({ key, want, got }) => {
    const isPlain = (want === null || key in now) && (got === null || key in entry.values)
    const shown = (digest: string | null, values: Readonly<Record<string, string>>) => {
      if (digest === null) return null
      return isPlain ? (values[key] ?? '') : '***'
    }
    return { field: key, want: shown(want, now), got: shown(got, entry.values), cause: whatHappened(want, got) }
  })
}

function whatHappened(want: string | null, got: string | null): string {
  if (got === null) return 'it is new'
  return want === null ? 'it is gone' : 'its value changed'
}

export interface Difference {
  readonly key: string
  readonly want: string | null
  readonly got: string | null
}

export function differences(
  want: Readonly<Record<string, string>>,
  got: Readonly<Record<string, string>>,
): readonly Difference[] {
  const keys = [...new Set([...Object.keys(want), ...Object.keys(got)])].sort()
  return keys
    .filter((key) => want[key] !== got[key])
    .map((key) => ({ key, want: want[key] ?? null, got: got[key] ?? null }))
}
