import type { Reconciler } from '../../reconciler/index.ts'
import type { Terminal } from '../terminal.ts'

/** What every command gets: a place to speak, and the reconciler of the instance it was called in, built when first asked for. */
export interface CommandContext {
  readonly terminal: Terminal
  readonly reconciler: () => Promise<Reconciler>
  /** Of `stack exec`: the words behind `--`, as they are; null where there is no `--`. */
  readonly behindDashes: readonly string[] | null
  /** Ids of the stacklets that lie here; none outside of an instance. Quick, and asks nobody. */
  readonly stackletIds: () => Promise<readonly string[]>
  /** Names of one stacklet's own commands. Quick too. */
  readonly stackletCommands: (id: string) => Promise<readonly string[]>
}

export interface JsonOption {
  readonly json?: boolean
}
