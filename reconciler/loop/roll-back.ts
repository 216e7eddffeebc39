import { restoreEntry } from '../definitions/restore-entry.ts'
import { InvalidInstance, StackError } from '../model/errors.ts'
import type { Revision, StackletId } from '../model/names.ts'
import { isStackletId } from '../model/names.ts'
import type { Commit } from '../ports/instance-source.ts'
import type { World } from '../ports/world.ts'
import { errorsOfWhole, loadDesired } from './load-desired.ts'
import type { RunReport } from './outcome.ts'
import { pastRuns } from './past-runs.ts'
import { unknownStacklet } from './preview.ts'
import { type RunRequest, reconcile } from './reconcile.ts'

export interface RollbackRequest extends Omit<RunRequest, 'trigger' | 'wish'> {
  /** A run, or anything that git calls a commit; null: what this host was before. */
  readonly target: string | null
  /** Only what this stacklet was; null: everything. */
  readonly only: string | null
  readonly onRestored: (restored: Restored) => void
}

export interface Restored {
  /** The commit whose state is declared again. */
  readonly from: Revision
  /** The commit that says so; null where nothing differs. */
  readonly revision: Revision | null
  /** What to know of the remote, a sentence each. */
  readonly notes: readonly string[]
}

/**
 * Declares again what an earlier commit declared, as a new commit, so that nobody undoes it, and converges. Data is not part of
 * it: what a newer version wrote stays written.
 */
export async function rollBack(
  world: World,
  request: RollbackRequest,
  signal: AbortSignal,
): Promise<{ readonly restored: Restored; readonly report: RunReport }> {
  const commit = await targetOf(world, request.target, signal)
  const only = request.only === null ? null : await knownId(world, request, commit, signal)
  const restored = await restore(world, { commit, only }, request, signal)
  request.onRestored(restored)
  const wish = { only: only === null ? null : [only], restart: [], setUp: [], purge: [] }
  const trigger = ['stack rollback', commit.revision.slice(0, 7), ...(only === null ? [] : [`--only ${only}`])].join(
    ' ',
  )
  return { restored, report: await reconcile(world, { ...request, trigger, wish }, signal) }
}

async function targetOf(world: World, target: string | null, signal: AbortSignal): Promise<Commit> {
  const head = await world.source.head(signal)
  const runs = pastRuns(await world.records.events())
  if (target === null) {
    const before = runs.find(
      ({ state, revision }) => state !== 'failed' && revision !== null && revision !== head?.revision,
    )
    if (before?.revision != null) return world.source.resolve(before.revision, signal)
    throw refusal(
      'this host has not been anything else yet',
      'name a commit: stack rollback COMMIT; git log shows them',
    )
  }
  const run = runs.find((one) => one.run === target)
  return world.source.resolve(run?.revision ?? target, signal)
}

async function knownId(
  world: World,
  { only, home }: RollbackRequest,
  { revision }: Commit,
  signal: AbortSignal,
): Promise<StackletId> {
  const { everyStacklet, desired } = await loadDesired(world, { ref: revision }, home, signal)
  const known = [...everyStacklet(), ...desired.stacklets].map(({ id }) => id)
  const found = known.find((id) => id === only)
  if (found !== undefined && isStackletId(found)) return found
  throw unknownStacklet(only ?? '', known)
}

interface Wanted {
  readonly commit: Commit
  readonly only: StackletId | null
}

async function restore(
  world: World,
  { commit, only }: Wanted,
  request: RollbackRequest,
  signal: AbortSignal,
): Promise<Restored> {
  const { home, onWait } = request
  const now = await loadDesired(world, 'head', home, signal)
  const then = await loadDesired(world, { ref: commit.revision }, home, signal)
  const errors = only === null ? errorsOfWhole(then.desired) : []
  if (errors.length > 0) throw new InvalidInstance(errors)
  const texts: Record<string, string> = {}
  if (only !== null) {
    const file = now.file
    const edited = restoreEntry((await now.textOf(file)) ?? '', (await then.textOf(file)) ?? '', only, file)
    if ('problem' in edited) throw new InvalidInstance([edited.problem])
    const wrong = errorsOfWhole(now.saying(edited.text))
    if (wrong.length > 0) throw new InvalidInstance(wrong)
    texts[file] = edited.text
  }
  const { remote, branch, verify } = now.desired.settings.git
  const paths = only === null ? ['desired', 'stacklets', 'stack.toml', 'users.toml'] : [`stacklets/${only}`]
  const words = ['stack rollback:', ...(only === null ? [] : [only]), `back to ${commit.revision.slice(0, 7)}`].join(
    ' ',
  )
  const message = `${words}\n\nAs it was in ${commit.revision}: ${commit.message.split('\n')[0] ?? ''}`
  const place = { paths, texts, message, onWait, remote, branch, signed: verify === 'signed' }
  const { revision, notes } = await world.editor.restore({ ...place, from: commit.revision }, signal)
  return { from: commit.revision, revision, notes }
}

function refusal(message: string, hint: string): StackError {
  return new StackError('STACK_REFUSED', message, { hint, terminal: true })
}
