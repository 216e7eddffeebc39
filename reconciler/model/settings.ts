import type { StackletId } from './names.ts'

/** `stack.toml`, read and checked, defaults filled in. */
export interface Settings {
  readonly core: CoreSettings
  readonly updates: UpdateSettings
  readonly git: GitSettings
  readonly ports: { readonly start: number; readonly end: number }
  readonly hooks: { readonly timeoutMs: number }
  readonly caddy: CaddySettings
  /** Every table of the file as written, so that `{ai_…}` and `{messages_…}` can be looked up. */
  readonly tables: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

export interface UpdateSettings {
  /** 6-field cron in the configured time zone. */
  readonly schedule: string
  /** What becomes of the lock when it changes; null: what the repository allows. */
  readonly write: 'push' | 'commit' | 'branch' | 'off' | null
  /** How long an image is kept that nothing runs and nothing may go back to. */
  readonly keepDays: number
}

export interface CaddySettings {
  /** Where a Caddy of this host listens for its administrator; null: it runs in a container. */
  readonly admin: string | null
  readonly httpPort: number
  readonly httpsPort: number
  /** For the authority that signs certificates. */
  readonly email: string | null
  /** Certificates that no browser trusts, from an authority that sets no limits. */
  readonly staging: boolean
  /** The ACME directory of an authority of one's own; null: the public ones. */
  readonly acmeCa: string | null
  /** A file of the repository with the root that vouches for that address; null: the world's roots do. */
  readonly acmeCaRoot: string | null
}

export interface CoreSettings {
  /** The product's name and the default for the data folder: `~/<name>-data`. */
  readonly name: string
  readonly host: string | null
  /** Empty: port mode. */
  readonly domain: string
  readonly https: boolean
  /** Absolute, `~` expanded. */
  readonly dataDir: string
  readonly timezone: string
  readonly language: string | null
}

export interface GitSettings {
  readonly remote: string | null
  readonly branch: string | null
  readonly intervalMs: number
  readonly verify: 'none' | 'signed'
}

/** One person of `users.toml`. Identity only: no password is ever read from that file. */
export interface User {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: 'admin' | 'member' | 'restricted'
  /** Ids of the stacklets this person gets an account on; ignored for admins. */
  readonly stacklets: readonly StackletId[]
}

/** `[reconcile]` of desired.toml. */
export interface Pace {
  readonly intervalMs: number
  /** 6-field cron in the configured time zone. */
  readonly schedule: string
  readonly concurrency: number
  readonly holdMs: number
  readonly prune: 'keep' | 'down' | 'destroy'
  readonly selfHeal: boolean
  readonly onFailure: 'rollback' | 'keep'
  readonly maxRemovals: number
}
