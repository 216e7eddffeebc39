import { extname, join } from 'node:path'

import { bundleProgram } from './bundle-program.ts'
import type { PackagePlaces } from './package-places.ts'

export interface ProgramToRun {
  /** Absolute path, ending in .ts, .js, .py or .sh. */
  readonly file: string
  readonly instance: string
  readonly places: PackagePlaces
}

/**
 * The words that run a hook or a command. Whatever it is, it does nothing of its own until it has read a first line on fd 3,
 * and ends when there never is one: nothing runs that we had no time to note.
 */
export async function howToRun({ file, instance, places }: ProgramToRun): Promise<readonly string[]> {
  switch (extname(file)) {
    case '.sh':
      return ['bash', '-c', 'read -r _ <&3 && exec bash "$0" 3<&-', file]
    case '.py':
      return ['python3', join(places.python, 'run_program.py')]
    default:
      return nodeWords(await bundleProgram({ file, places, cache: join(instance, '.stack/cache/hooks') }))
  }
}

/** Reads the shell's words from fd 3, up to a null byte: they may hold a secret, which is never an argument. */
export const wordsFromChannel: readonly string[] = [
  'bash',
  '-c',
  'IFS= read -r -d "" words <&3 || exit 1; exec 3<&-; eval "$words"',
]

function nodeWords(bundle: string): readonly string[] {
  return [process.execPath, '--enable-source-maps', '--disable-warning=ExperimentalWarning', bundle]
}
