import type { StackUser } from '../hook-context.ts'

/** The first line on fd 3: everything that `stack` tells a hook or command. */
export interface Told {
  readonly file: string
  readonly id: string
  readonly env: Record<string, string>
  /** Names in `env` that what the hook runs does not get. */
  readonly withheld: readonly string[]
  readonly secrets: Readonly<Record<string, string>>
  readonly users: readonly StackUser[]
  readonly settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly data_dir: string
  readonly domain: string
  readonly instance: string
  readonly root: string
  readonly command: ToldCommand | null
}

export interface ToldCommand {
  readonly name: string
  readonly args: readonly string[]
  readonly stacklet: {
    readonly id: string
    readonly path: string
    readonly enabled: boolean
    readonly [key: string]: unknown
  }
  readonly manifest: Readonly<Record<string, unknown>>
  readonly isCalled: boolean
}
