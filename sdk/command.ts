import type { StackUser, StackView } from './hook-context.ts'

/** The `run` of a command in `cli/<name>.ts`. A result with an `error` is printed, and the exit code is 1 then. */
export type Command = (args: readonly string[], stacklet: CommandStacklet, config: CommandConfig) => unknown

/** The stacklet that the command belongs to: its manifest as written, and where it stands. */
export interface CommandStacklet {
  readonly id: string
  readonly path: string
  /** Whether its first run has ended well. */
  readonly enabled: boolean
  readonly manifest: Readonly<Record<string, unknown>>
  readonly [key: string]: unknown
}

export interface CommandConfig {
  readonly domain: string
  readonly data_dir: string
  readonly repo_root: string
  readonly instance_dir: string
  readonly manifest: Readonly<Record<string, unknown>>
  readonly stack: StackView
  /** Every secret by full name: `photos__API_KEY`, `global__ADMIN_PASSWORD`. */
  readonly secrets: Readonly<Record<string, string>>
  readonly users: readonly StackUser[]
  is_healthy(): boolean
}
