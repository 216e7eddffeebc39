import type { Desired, DesiredStacklet } from '../model/desired.ts'
import type { Standing } from '../model/standing.ts'
import { asGood } from '../plan/as-good.ts'
import { quarantineOn } from '../plan/standing.ts'
import type { World } from '../ports/world.ts'

/** Desired as it can be had: a stacklet whose version is quarantined is its last good one, where that is kept. */
export async function withRolledBack(world: World, desired: Desired): Promise<Desired> {
  const { standings } = await world.standings.read()
  const stacklets = await Promise.all(desired.stacklets.map((wanted) => effective(world, wanted, standings[wanted.id])))
  return { ...desired, stacklets }
}

async function effective(
  { good }: World,
  wanted: DesiredStacklet,
  standing: Standing | undefined,
): Promise<DesiredStacklet> {
  const quarantine = quarantineOn(wanted, standing)
  const kept = quarantine === null ? null : await good.read(wanted.id)
  if (quarantine === null || kept === null) return wanted
  const { document, images, directory } = kept
  return asGood(wanted, kept.wanted, { isPending: !quarantine.isUndone, document, images, directory })
}
