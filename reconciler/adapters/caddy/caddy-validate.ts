import { join } from 'node:path'
import type { Validate } from './adapt-alone.ts'

/** Runs a program in a running container that mounts this folder; null where there is none. */
export type AskInContainer = (
  question: { readonly mounting: string; readonly argv: readonly string[]; readonly input: string },
  signal: AbortSignal,
) => Promise<{ readonly exitCode: number; readonly output: string } | null>

/** Asks the program in Caddy's container, beside the one that serves: no request notices. */
export function caddyValidate(instance: string, ask: AskInContainer): Validate {
  const mounting = join(instance, '.stack', 'caddy')
  const argv = ['caddy', 'validate', '--config', '/dev/stdin']
  return async (config, signal) => {
    const answer = await ask({ mounting, argv, input: config }, signal)
    if (answer === null || answer.exitCode === 0) return null
    const words = answer.output.split('\n').findLast((line) => line.startsWith('Error: '))
    // Where the program itself could not run, nothing is said of the configuration.
    return words?.slice('Error: '.length).trim() ?? null
  }
}
