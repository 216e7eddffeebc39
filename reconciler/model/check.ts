/** What `stack doctor` looks at; docs/doctor.md explains each, and a test holds the two together. */
export const checkNames = [
  'node',
  'programs',
  'engine',
  'compose',
  'instance',
  'files',
  'repository',
  'remote',
  'ignored',
  'state',
  'records',
  'run',
  'edit',
  'leftovers',
  'markers',
  'data',
  'disk',
  'clock',
  'network',
  'ports',
  'containers',
  'core',
] as const
export type CheckName = (typeof checkNames)[number]

/** One thing that was looked at. `hint` is the next command or edit, null where all is well. No text holds a secret. */
export interface Check {
  readonly name: CheckName
  readonly level: 'ok' | 'warning' | 'error'
  readonly message: string
  readonly hint: string | null
  /** What `--fix` does about it; empty where that is for a person. */
  readonly mends: readonly Mend[]
}

/** Something that can be put right without asking what anybody meant. Paths are relative to the instance unless they begin with `/`. */
export type Mend =
  | { readonly kind: 'set-mode'; readonly path: string; readonly mode: number }
  | { readonly kind: 'ignore'; readonly lines: readonly string[] }
  | { readonly kind: 'make-folder'; readonly path: string }
  | { readonly kind: 'create-network'; readonly network: string; readonly instance: string | null }
  | { readonly kind: 'remove-leftover'; readonly path: string }
  | { readonly kind: 'undo-edit'; readonly path: string }
  /** Wants consent: it fetches Docker and runs it. */
  | { readonly kind: 'start-engine'; readonly folder: string; readonly isUnpacked: boolean }

export function ok(name: CheckName, message: string): Check {
  return { name, level: 'ok', message, hint: null, mends: [] }
}

export function warning(name: CheckName, message: string, hint: string, mends: readonly Mend[] = []): Check {
  return { name, level: 'warning', message, hint, mends }
}

export function error(name: CheckName, message: string, hint: string, mends: readonly Mend[] = []): Check {
  return { name, level: 'error', message, hint, mends }
}

/** `photos`, `photos and docs`, `photos, docs and 3 more`. */
export function listed(words: readonly string[], most = 4): string {
  const shown = words.length > most ? words.slice(0, most - 1) : words
  const rest = words.length - shown.length
  const all = rest === 0 ? [...shown] : [...shown, `${rest} more`]
  const last = all.pop() ?? ''
  return all.length === 0 ? last : `${all.join(', ')} and ${last}`
}
