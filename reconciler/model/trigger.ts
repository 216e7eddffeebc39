/** A reason to look. It says never what was seen: a run looks for itself. */
export interface Trigger {
  readonly reason: 'start' | 'push' | 'engine' | 'files' | 'schedule' | 'interval' | 'retry'
  /** For the journal: which commit, stacklet or schedule; null where there is nothing to add. */
  readonly about: string | null
}

/** Several reasons in a few words: `push 1a2b3c4, engine photos`. */
export function triggerWords(triggers: readonly Trigger[]): string {
  const words = triggers.map(({ reason, about }) => (about === null ? reason : `${reason} ${about}`))
  return [...new Set(words)].join(', ')
}
