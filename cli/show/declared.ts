import type { Declaration, Declared, Verb, Welcome } from '../../reconciler/index.ts'
import type { Terminal } from '../terminal.ts'
import { document } from './json.ts'

const states = { up: 'running', down: 'stopped', destroy: 'absent', pause: 'paused', unpause: 'running' } as const

/** What was written and committed, before anything happens. */
export function declarationLine(verb: Verb, { changed, file, revision }: Declaration): string {
  return `${file}: ${changed.join(', ')} ${states[verb]} (commit ${revision?.slice(0, 7)})`
}

/** With `--no-commit` that is all there is to say. */
export function editLine(verb: Verb, { changed, file }: Declaration): string {
  if (changed.length === 0) return `${file} says so already. Nothing was run.`
  return `${file} now declares ${changed.join(', ')} ${states[verb]}. Nothing was committed, and nothing was run.`
}

/** The reconcile document of a run that waits for a commit. */
export function editDocument(verb: Verb, edit: Declaration): string {
  const hint = `git commit ${edit.file}, then stack reconcile`
  const note = { kind: 'waiting', stacklet: null, message: editLine(verb, edit), hint, digest: null }
  const notes = edit.changed.length === 0 ? [] : [note]
  return document({ ok: true, run: null, revision: null, outcome: 'waiting', rounds: 0, steps: [], notes, error: null })
}

/** What became of those that went: one line each. */
export function doneLines(verb: Verb, { report, changed }: Declared): readonly string[] {
  if (report?.outcome.kind !== 'converged' || verb === 'up') return []
  const words = { down: 'is stopped', destroy: 'is destroyed', pause: 'is paused', unpause: 'is running' } as const
  return changed.map((id) => `${id} ${words[verb]}.`)
}

/** Where a person finds what has just come up, and how they get in. */
export function welcomeLines(welcomes: readonly Welcome[], { paint }: Terminal): readonly string[] {
  return welcomes.flatMap(({ name, url, login, hints }) => [
    '',
    `${paint('bold', name)} is running${url === null ? '' : ` at ${paint('cyan', url)}`}`,
    ...(login === null ? [] : [`  ${login.field}: ${login.value}  (stack config admin shows the password)`]),
    ...hints.map((hint) => `  ${hint}`),
  ])
}
