import { writeSealedPlan } from '../definitions/sealed-plan-text.ts'
import { StackError } from '../model/errors.ts'
import { agreements, planToSeal, seal } from '../plan/seal.ts'
import type { World } from '../ports/world.ts'
import { loadDesired } from './load-desired.ts'
import { lookFor, type Preview, type PreviewRequest } from './preview.ts'
import { notCommitted } from './reconcile.ts'
import { withDiffs } from './with-diffs.ts'

export interface SealRequest extends Pick<PreviewRequest, 'ids' | 'home'> {
  /** A commit or branch; null: what is committed here, and nothing is edited. */
  readonly ref: string | null
}

/** A plan, and the text that `run-sealed` takes. */
export interface SealedPreview extends Preview {
  readonly text: string
}

/** The plan of a commit, written down with all that it rests on. Reads only. */
export async function sealPlan(world: World, request: SealRequest, signal: AbortSignal): Promise<SealedPreview> {
  const { ids, home, ref } = request
  const loaded = await loadDesired(world, ref === null ? 'head' : { ref }, home, signal)
  const { revision } = loaded.desired
  if (revision === null) throw notCommitted()
  if (ref === null) mustBeClean(loaded.uncommitted)
  const sight = await lookFor(world, loaded, ids, signal)
  const plan = planToSeal(sight)
  const shown = await withDiffs(world, plan, { ...sight, loaded }, signal)
  const text = writeSealedPlan(seal(plan, revision, sight))
  return { ...sight, plan: { ...shown, notes: [...shown.notes, ...agreements(plan)] }, text }
}

/** What is not committed is in no commit that the plan could be executed at. */
function mustBeClean([first, ...more]: readonly string[]): void {
  if (first === undefined) return
  const others = more.length === 0 ? '' : ` and ${more.length} more`
  throw new StackError('STACK_NOT_COMMITTED', `${first}${others}: not committed, and a sealed plan is of a commit`, {
    hint: 'commit first, or plan what is committed: stack plan --ref HEAD --out FILE',
    terminal: true,
  })
}
