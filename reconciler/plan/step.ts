import { assertNever } from '../lib/assert-never.ts'
import type { HookEvent } from '../model/hook.ts'
import type { Digest, StackletId, StepId } from '../model/names.ts'
import type { Merge } from './twins.ts'

/** The glossary: every change this program can make to a host. Each is the smallest thing that can fail and be retried alone. */
export type Step =
  | { readonly kind: 'create-network'; readonly network: string; readonly because: 'missing' }
  | MergeNetworks
  | Of<'write-secrets', 'missing', { readonly names: readonly string[] }>
  | Of<'write-env', 'missing' | 'values changed' | 'changed on the host'>
  | Of<'run-hook', HookReason, { readonly hook: HookEvent }>
  | Of<'pull-image', 'missing', { readonly image: string; readonly services: readonly string[] }>
  | Of<
      'build-image',
      'missing' | 'content changed' | 'changed on the host' | 'not confirmed',
      { readonly services: readonly string[] }
    >
  | Of<'start-service', 'not responding' | 'never started', { readonly service: string }>
  | Of<'stop-service', LeavingReason | 'declared stopped' | 'asked to restart', { readonly service: string }>
  | Of<'rename', 'changed on the host', OneContainer & { readonly to: string }>
  | Of<'reconnect', 'changed on the host', OneContainer & { readonly networks: readonly Attachment[] }>
  | Of<'update', 'changed on the host', OneContainer & { readonly limits: Readonly<Record<string, string>> }>
  | Of<'replace-network', 'content changed' | 'changed on the host', { readonly network: string }>
  | Of<'replace-volume', 'content changed' | 'changed on the host', { readonly volume: string }>
  | Of<'unpause', 'paused'>
  | Of<'restart', 'unhealthy', OneContainer>
  | Of<'start', StartReason>
  | Of<'replace', ReplaceReason, { readonly services: readonly string[] }>
  | Of<'check-route', 'not proved yet'>
  | Of<'route', 'missing' | 'was down' | 'routes changed' | 'changed on the host'>
  | Of<
      'unroute',
      LeavingReason | 'declared stopped' | 'declared paused' | 'no longer declared',
      { readonly to: 'down' | 'gone' }
    >
  | { readonly kind: 'restore-routes'; readonly because: 'changed on the host' | 'Caddy does not answer' }
  | Of<'await-health', 'started' | 'unhealthy' | 'not confirmed'>
  | Of<'finish-setup', 'first healthy start'>
  | Of<'pause', 'declared paused'>
  | Of<'stop', LeavingReason | 'declared stopped' | 'asked to restart'>
  | Of<'remove-orphan', OrphanReason, OneContainer>
  | Of<'remove-foreign', 'name taken', OneContainer>
  | Of<'remove', LeavingReason>
  | Of<'trash-data', LeavingReason>
  | Of<'purge-data', 'asked to purge'>
  | Of<'forget', LeavingReason>
  | Of<'hand-over', 'runs this program'>

/** Null: the network that all share. */
interface MergeNetworks extends Merge {
  readonly kind: 'merge-networks'
  readonly stacklet: StackletId | null
  readonly because: 'made twice'
}

/** The container by its name now, and the id by which it is touched. */
interface OneContainer {
  readonly container: string
  readonly containerId: string
}

/** Where a container should be attached, as its fingerprint says it; null: where it should not be. */
export interface Attachment {
  readonly network: string
  readonly endpoint: string | null
  /** Whether it is attached there now, in another way. */
  readonly isAttached: boolean
}

export type StartReason = 'never started' | 'missing' | 'stopped' | 'not confirmed'
export type ReplaceReason =
  | 'content changed'
  | 'values changed'
  | 'changed on the host'
  | 'not confirmed'
  | 'rolled back'
  | 'stuck in a start'
export type HookReason =
  | 'first install'
  | 'first healthy start'
  | 'before start'
  | 'after start'
  | 'not finished'
  | 'before stop'
  | 'before removal'
  | 'asked for'
export type OrphanReason = 'service removed' | 'project renamed' | 'more than declared' | 'stuck in a start'
export type LeavingReason = 'declared absent' | 'no longer listed'

type Of<Kind extends string, Because extends string, More = unknown> = {
  readonly kind: Kind
  readonly stacklet: StackletId
  readonly because: Because
} & More

export type StepKind = Step['kind']

/** safe: nobody notices. disrupts: a container stops or is replaced. destroys-data: something is gone that git cannot bring back. */
export type Risk = 'safe' | 'disrupts' | 'destroys-data'

/** One field that differs. Values are short texts; a secret's is `***`. */
export interface Change {
  readonly field: string
  readonly want: string | null
  readonly got: string | null
  /** The commit and file, or `changed on the host`. */
  readonly cause: string
  /** Of a text file that differs: a unified diff, without secrets. */
  readonly diff?: readonly string[]
}

/** What a rule asks for: a step, and what differs to make it necessary. */
export interface ProposedStep {
  readonly step: Step
  readonly changes: readonly Change[]
}

export interface PlannedStep {
  /** Readable and unique in its plan: `start photos`. */
  readonly id: StepId
  readonly step: Step
  /** Steps that must have succeeded before this one begins. */
  readonly after: readonly StepId[]
  readonly changes: readonly Change[]
  /** What `approve` takes: covers what the step does, not when or why. */
  readonly digest: Digest
}

/** Something a reader must know that is not a change: a hold, a wait, a conflict, a warning. */
export interface Note {
  readonly kind: NoteKind
  readonly stacklet: StackletId | null
  readonly message: string
  readonly hint: string
  /** What `stack approve` takes to let it happen; null where nothing is held. */
  readonly digest: Digest | null
}

/**
 * stalled, conflict, quarantined and degraded: a run ends `stalled`. held: a run ends `held`. waiting and retry: a run ends
 * `waiting`. The others say only what is.
 */
export type NoteKind =
  | 'stalled'
  | 'conflict'
  | 'quarantined'
  | 'degraded'
  | 'held'
  | 'waiting'
  | 'retry'
  | 'hold'
  | 'drift'
  | 'warning'

export interface Plan {
  /** In an order that respects `after`; equal inputs give equal plans. */
  readonly steps: readonly PlannedStep[]
  readonly notes: readonly Note[]
}

/** Whose step it is; null for the host's own. */
export function stackletOf(step: Step): StackletId | null {
  return step.kind === 'create-network' || step.kind === 'restore-routes' ? null : step.stacklet
}

export function riskOf(step: Step): Risk {
  switch (step.kind) {
    case 'create-network':
    case 'write-secrets':
    case 'write-env':
    case 'run-hook':
    case 'start-service':
    case 'pull-image':
    case 'build-image':
    case 'unpause':
    case 'start':
    case 'rename':
    case 'reconnect':
    case 'update':
    case 'await-health':
    case 'check-route':
    case 'route':
    case 'restore-routes':
    case 'finish-setup':
    case 'forget':
      return 'safe'
    case 'merge-networks':
      return step.moves.length === 0 ? 'safe' : 'disrupts'
    case 'replace':
    case 'replace-network':
    case 'restart':
    case 'pause':
    case 'stop':
    case 'stop-service':
    case 'unroute':
    case 'remove-orphan':
    case 'remove':
    case 'hand-over':
    case 'trash-data':
      return 'disrupts'
    case 'remove-foreign':
    case 'replace-volume':
    case 'purge-data':
      return 'destroys-data'
    default:
      return assertNever(step)
  }
}
