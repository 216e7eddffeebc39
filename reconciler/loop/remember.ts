import type { Standing } from '../model/standing.ts'
import type { AllStandings } from '../ports/standings.ts'
import type { World } from '../ports/world.ts'

/** What was found out is written down, also when the run is ended meanwhile. */
const unbroken = new AbortController().signal

/** Changes what this host remembers of stacklets, where that differs. Answers what was changed. */
export async function remember(
  { standings }: Pick<World, 'standings'>,
  edit: (all: AllStandings['standings']) => readonly Standing[],
): Promise<readonly Standing[]> {
  const { standings: all } = await standings.read()
  return edit(all).length === 0 ? [] : standings.change(edit, unbroken)
}
