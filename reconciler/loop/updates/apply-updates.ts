import { pinnedReference } from '../../model/locked-image.ts'
import type { StackletId } from '../../model/names.ts'
import type { BegunUpdate } from '../../model/update-notes.ts'
import type { Held } from '../../ports/host-lock.ts'
import type { RunReport } from '../outcome.ts'
import { type RunRequest, reconcileHeld } from '../reconcile.ts'
import type { UpdateParts } from './update-parts.ts'

/** How the runs of an update are followed. */
export type UpdateRequests = Pick<RunRequest, 'waitMs' | 'onWait' | 'watch' | 'isInteractive'>

/** The same, for who holds the host: nobody else starts what an update has stopped. */
export interface UpdateRun extends UpdateRequests {
  readonly held: Held
}

/** How an update that was begun ended: well, badly (and whether a container had been touched), or not at all yet. */
export type UpdateEnd =
  | { readonly kind: 'well' }
  | { readonly kind: 'bad'; readonly why: string; readonly touched: boolean }
  | { readonly kind: 'open'; readonly why: string }

/** Runs what the lock says for these stacklets, and judges each update by what the run did. */
export async function applyUpdates(
  parts: UpdateParts,
  begun: readonly BegunUpdate[],
  run: UpdateRun,
  signal: AbortSignal,
): Promise<ReadonlyMap<BegunUpdate, UpdateEnd>> {
  const report = await runFor(
    parts,
    begun.map(({ stacklet }) => stacklet),
    'stack update',
    run,
    signal,
  )
  const { entries } = await parts.world.ledger.read()
  return new Map(
    begun.map((one) => {
      const applied = entries[one.stacklet]?.locked[one.service]
      return [one, endOf(one, report, applied === pinnedReference(one.to))]
    }),
  )
}

/** An ordinary run of the committed state, for these alone. */
export function runFor(
  { world, home }: UpdateParts,
  ids: readonly StackletId[],
  trigger: string,
  { held, ...run }: UpdateRun,
  signal: AbortSignal,
): Promise<RunReport> {
  const wish = { only: [...new Set(ids)].sort(), restart: [], setUp: [], purge: [] }
  return reconcileHeld(world, held, { ...run, trigger, yes: false, home, wish }, signal)
}

/** Steps before which nothing of what ran has been touched. */
const harmless = ['pull-image', 'build-image', 'write-env', 'write-secrets', 'create-network']

function endOf({ stacklet }: BegunUpdate, { steps, outcome, notes }: RunReport, isApplied: boolean): UpdateEnd {
  const failed = steps.find((step) => step.stacklet === stacklet && step.result === 'failed')
  if (failed !== undefined) {
    const isEarly = harmless.includes(failed.kind) || failed.id.endsWith(' on_start')
    return { kind: 'bad', why: failed.error?.message ?? `${failed.id} failed`, touched: !isEarly }
  }
  if (isApplied) return { kind: 'well' }
  const note = notes.find((one) => one.stacklet === stacklet)
  if (note?.kind === 'quarantined') return { kind: 'bad', why: note.message, touched: true }
  return { kind: 'open', why: note?.message ?? `the run ended ${outcome.kind}` }
}
