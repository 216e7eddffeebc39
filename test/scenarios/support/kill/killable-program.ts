import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { packageRoot } from '../../../../demo/places.ts'
import { type Ran, run } from '../../../../reconciler/adapters/process/run.ts'
import type { Instance } from '../instance.ts'

/** A run of the program that can be killed at any place. */
export interface Killable {
  /** Runs it to its end. Answers its places, in order. */
  readonly undisturbed: (host: Instance, words: readonly string[]) => Promise<readonly string[]>
  /** Runs it and lets it die there. Answers whether it came by. */
  readonly killedAt: (place: string, host: Instance, words: readonly string[]) => Promise<boolean>
}

/** It runs the sources: what is built is one bundle, in which nobody can stand between the loop and its ports. */
export function killableProgram(): Killable {
  const program = [process.execPath, '--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'killable.ts')]
  const call = (place: string, { folder, env }: Instance, words: readonly string[]): Promise<Ran> =>
    run([...program, packageRoot, place, ...words], { cwd: folder, env, timeoutMs: 120_000 })
  return {
    async undisturbed(host, words) {
      const ran = await call('', host, words)
      if (ran.exitCode !== 0) throw new Error(`the run that nobody kills failed: ${ran.stderr}`)
      return JSON.parse(ran.stdout)
    },
    async killedAt(place, host, words) {
      const ran = await call(place, host, words)
      if (ran.exitCode !== 0 && !ran.stderr.includes(`dies at ${place}`)) {
        throw new Error(`it did not die at ${place}, it failed: ${ran.stderr}`)
      }
      return ran.stderr.includes(`dies at ${place}`)
    },
  }
}

/** Names of what lies in a folder of the instance, its own folders too; none where there is none. */
export async function pathsIn({ folder }: Instance, path: string): Promise<readonly string[]> {
  const entries = await readdir(join(folder, path), { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))
}
