import { boxOf, type Case, numbersFrom } from './any-case.ts'
import { type Box, copyOf } from './fake/box.ts'
import { watchOrder } from './promises.ts'
import { type Ran, reconcileOn } from './run.ts'
import { watchHooks } from './watch-hooks.ts'

/** One case lived through. Whoever goes on from it does so on a copy. */
export interface Story {
  readonly before: Box
  readonly after: Box
  readonly ran: Ran
  /** Where something came up or went down in the wrong order. */
  readonly disorder: readonly string[]
  /** Hooks that ran at a wrong moment, too often, or not at all. */
  readonly hookFaults: readonly string[]
}

const told = new Map<string, Promise<Story>>()
/** As many as an everyday check tells; a long one would fill the memory. */
const mostKept = 50

/** Lets a case happen. Many promises look at the same run, so what was told once is kept. */
export function storyOf(one: Case): Promise<Story> {
  const key = JSON.stringify(one)
  const known = told.get(key)
  if (known !== undefined) return known
  const story = live(one)
  if (told.size < mostKept) told.set(key, story)
  return story
}

async function live(one: Case): Promise<Story> {
  const before = await boxOf(one)
  const after = copyOf(before)
  const disorder = watchOrder(one, after)
  const hooks = watchHooks(one, after)
  const ran = await reconcileOn(after, { yes: one.yes, turns: numbersFrom(one.seed, 4) })
  return { before, after, ran, disorder, hookFaults: hooks.end() }
}
