import type { StackletId } from '../model/names.ts'
import type { Standing } from '../model/standing.ts'
import type { World } from '../ports/world.ts'

/** What ends because of who runs this, before it looks. */
export interface Easing {
  /** Stacklets that a person named: what was stopped by hand is meant to run again. */
  readonly named: readonly StackletId[]
  /** The nightly run tries what was given up once more. */
  readonly isSecondChance: boolean
}

export async function easeStandings({ standings }: World, { named, isSecondChance }: Easing): Promise<void> {
  if (named.length === 0 && !isSecondChance) return
  const { standings: all } = await standings.read()
  for (const standing of Object.values(all)) {
    const isNamed = named.includes(standing.id)
    const eased = easeOne(standing, isNamed, isNamed || isSecondChance)
    if (JSON.stringify(eased) !== JSON.stringify(standing)) await standings.write(eased)
  }
}

function easeOne(standing: Standing, isNamed: boolean, isTriedAgain: boolean): Standing {
  return {
    ...standing,
    ...(isNamed && standing.hold?.by === 'hand' ? { hold: null } : {}),
    ...(isTriedAgain ? { heals: [], flapping: null } : {}),
  }
}
