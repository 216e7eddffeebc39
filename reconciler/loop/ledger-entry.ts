import type { LedgerEntry, ObservedContainer } from '../model/actual.ts'
import type { DesiredStacklet } from '../model/desired.ts'
import type { HookEvent } from '../model/hook.ts'
import type { Revision } from '../model/names.ts'

/** Grows when what is hashed or fingerprinted changes its meaning. */
const ledgerFormat = 1

/** What to remember of a stacklet that was just applied and found well. */
export function entryFor(
  wanted: DesiredStacklet,
  containers: readonly ObservedContainer[],
  revision: Revision | null,
  nowMs: number,
  owes: readonly HookEvent[],
): LedgerEntry {
  return {
    format: ledgerFormat,
    id: wanted.id,
    state: wanted.state,
    appliedAt: new Date(nowMs).toISOString(),
    revision,
    content: wanted.content,
    files: wanted.stacklet.files,
    inputs: wanted.inputs,
    requires: wanted.requires,
    project: wanted.project,
    containers: Object.fromEntries(containers.map((container) => [container.name, container.fingerprint])),
    owes,
  }
}
