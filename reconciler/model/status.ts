import type { ContainerHealth, ContainerState } from './actual.ts'
import type { DesiredState } from './desired.ts'
import type { Revision, RunId, StackletId } from './names.ts'
import type { Problem } from './problem.ts'
import type { Tls } from './route.ts'
import type { ReportedImage } from './update-report.ts'

/** How a run ended, as written down and reported. */
export type OutcomeKind = 'converged' | 'waiting' | 'held' | 'failed' | 'stalled'

/** The one file a run without work writes: `.stack/last-run`. */
export interface LastRun {
  readonly run: RunId
  readonly at: string
  readonly revision: Revision | null
  readonly outcome: OutcomeKind
  /** Null when there was no error. Holds no secret. */
  readonly message: string | null
  /** When the outcome last became what it is. */
  readonly since: string
  /** What a person should know of the host as a whole, as of the last run that asked: its remote, above all. */
  readonly notes?: readonly LastingNote[]
}

export interface LastingNote {
  readonly message: string
  readonly hint: string
  /** When it was first told. */
  readonly since: string
}

export interface Condition {
  readonly ready: boolean
  readonly reason: string
  readonly message: string
  readonly since: string | null
}

export type StackletState = 'available' | 'running' | 'stopped' | 'paused'

export interface StackletStatus {
  readonly id: StackletId
  readonly name: string
  readonly description: string
  readonly version: string
  readonly category: string
  readonly desired: DesiredState | 'undeclared'
  readonly state: StackletState
  readonly health: ContainerHealth
  /** Whether what runs is what is declared. A stacklet that waits or is stalled is not. */
  readonly inSync: boolean
  readonly drift: readonly string[]
  /** Null where a run may change it. */
  readonly hold: HoldStatus | null
  /** What a person should know of it beside: quarantine, retries, waits. */
  readonly notes: readonly string[]
  /** Where a person reaches it; in domain mode one that answered, where some do. */
  readonly url: string | null
  /** Every address of it under a name; none in port mode. */
  readonly urls: readonly SiteStatus[]
  readonly port: number | null
  readonly alwaysOn: boolean
  readonly containers: readonly ContainerStatus[]
  readonly problems: readonly Problem[]
}

/** Times are ISO 8601. */
export interface HoldStatus {
  readonly by: 'hand' | 'asked'
  readonly why: string
  readonly since: string
  /** Null: until it is released. */
  readonly until: string | null
}

export interface ContainerStatus {
  readonly name: string
  readonly id: string
  readonly service: string | null
  readonly image: string
  readonly state: ContainerState
  readonly health: ContainerHealth
}

/** An address, and whether it really answers when it is visited through the proxy. */
export interface SiteStatus {
  readonly url: string
  readonly answers: boolean
  readonly why: string
}

export interface CertificateStatus {
  readonly host: string
  readonly tls: Tls
  /** ISO 8601. */
  readonly until: string
  readonly daysLeft: number
  /** Whether it should have been renewed by now. */
  readonly isEnding: boolean
}

export interface HostStatus {
  /** What the last look for updates told, where there is something to tell. */
  readonly updates?: readonly ReportedImage[]
  readonly host: string
  readonly revision: Revision | null
  readonly condition: Condition
  readonly notes: readonly LastingNote[]
  readonly stacklets: readonly StackletStatus[]
  /** Those that the sites of this host show. */
  readonly certificates: readonly CertificateStatus[]
}
