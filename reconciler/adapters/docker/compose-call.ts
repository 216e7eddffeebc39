import { type Ran, run } from '../process/run.ts'
import { childEnvironment, findCompose } from './compose-binary.ts'
import type { Endpoint, Environment } from './endpoint.ts'

export interface ComposeOptions {
  readonly env: Environment
  readonly findEndpoint: () => Promise<Endpoint>
}

export interface CallLimits {
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly input?: string
  /** Added to its environment. */
  readonly marks?: Readonly<Record<string, string>>
  /** Where it runs; without it, where we do. */
  readonly cwd?: string
}

export type ComposeCall = (words: readonly string[], limits: CallLimits) => Promise<Ran>

/** Calls Compose v2 as a child process at the one engine that is meant. Found once. */
export function composeCaller(options: ComposeOptions): ComposeCall {
  let found: Promise<readonly string[]> | null = null
  return async (words, { marks, ...limits }) => {
    found ??= findCompose(options.env)
    const { address } = await options.findEndpoint()
    return run([...(await found), ...words], {
      ...limits,
      env: { ...childEnvironment(options.env, address), ...marks },
    })
  }
}
