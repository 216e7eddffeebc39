import type { LedgerEntry } from '../model/actual.ts'
import type { Situation } from './situation.ts'

/** Whether this stacklet should have containers: running, or paused, which has to run first. */
export function needsContainers({ wanted }: Situation): boolean {
  return (wanted.state === 'running' || wanted.state === 'paused') && wanted.project !== null
}

/** Whether a stacklet without a Compose file should be set up: it has hooks or nothing at all to run. */
export function isWantedUp({ wanted }: Situation): boolean {
  return wanted.state === 'running' || wanted.state === 'paused'
}

/** Whether a stacklet that has no containers is up: no engine knows, so our ledger says it, from its start until we stop it. */
export function isUpAlone(entry: LedgerEntry | null): boolean {
  return entry !== null && entry.project === null && entry.state !== 'stopped'
}
