import type { Restored } from '../../reconciler/index.ts'

/** What was committed, before anything happens on the host. */
export function restoredLines({ from, revision, notes }: Restored): readonly string[] {
  const back = from.slice(0, 7)
  const said = revision === null ? `What is declared is as it was in ${back} already.` : committed(back, revision)
  return [said, ...notes.map((note) => `! ${note}`)]
}

function committed(back: string, revision: string): string {
  return `Declared again as it was in ${back} (commit ${revision.slice(0, 7)}). Data stays as it is.`
}
