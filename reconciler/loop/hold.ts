import type { DesiredStacklet } from '../model/desired.ts'
import { StackError } from '../model/errors.ts'
import type { StackletId } from '../model/names.ts'
import { clearStanding, type Hold, type Standing } from '../model/standing.ts'
import { refusesImages, withoutRefusals } from '../plan/updates/reverts.ts'
import type { World } from '../ports/world.ts'
import { loadDesired } from './load-desired.ts'
import { idsOf, unknownStacklet } from './preview.ts'
import { remember } from './remember.ts'
import type { UpdateParts } from './updates/update-parts.ts'

export interface HoldRequest {
  readonly id: string
  readonly by: Hold['by']
  readonly why: string
  /** How long; null: until it is released. */
  readonly forMs: number | null
  readonly home: string
}

/** Leaves a stacklet as it is from now on. Answers the hold; one that was asked for is not replaced by one by hand. */
export async function hold(world: World, request: HoldRequest, signal: AbortSignal): Promise<Hold> {
  const { desired } = await loadDesired(world, 'head', request.home, signal)
  const { id, declared, state } = found(request.id, desired.stacklets)
  const sinceMs = world.clock.nowMs()
  const { by, why, forMs } = request
  const asked: Hold = { by, why, sinceMs, untilMs: forMs === null ? null : sinceMs + forMs, declared, state }
  const [changed] = await remember(world, (all) => {
    const before = all[id] ?? clearStanding(id)
    return before.hold?.by === 'asked' && by === 'hand' ? [] : [{ ...before, hold: asked }]
  })
  return changed?.hold ?? asked
}

/** What a release lets go of. */
export type Released = 'hold' | 'quarantine' | 'failure' | 'flapping' | 'images'

/** Forgets what keeps this stacklet as it is: the next run treats it as any other. Answers what that was. */
export async function release(
  { world, memory, home }: Pick<UpdateParts, 'world' | 'memory' | 'home'>,
  id: string,
  signal: AbortSignal,
): Promise<readonly Released[]> {
  const { desired } = await loadDesired(world, 'head', home, signal)
  const wanted = found(id, desired.stacklets)
  const { standings } = await world.standings.read()
  const before = standings[wanted.id]
  await remember(world, (all) => (all[wanted.id] === undefined ? [] : [clearStanding(wanted.id)]))
  const refused = refusesImages(await memory.read(), wanted.id)
  if (refused) await memory.change((notes) => withoutRefusals(notes, wanted.id), signal)
  return [...(before === undefined ? [] : partsOf(before)), ...(refused ? (['images'] as const) : [])]
}

function partsOf(standing: Standing): readonly Released[] {
  const parts = ['hold', 'quarantine', 'failure', 'flapping'] as const
  return parts.filter((part) => standing[part] !== null)
}

function found(id: string, stacklets: readonly DesiredStacklet[]): DesiredStacklet & { readonly id: StackletId } {
  const wanted = stacklets.find((one) => one.id === id)
  if (wanted === undefined) throw unknownStacklet(id, idsOf(stacklets))
  if (wanted.state !== 'absent') return wanted
  throw new StackError('STACK_REFUSED', `${id} is declared absent: there is nothing to hold`, {
    hint: `declare it first: stack up ${id}`,
    terminal: true,
  })
}
