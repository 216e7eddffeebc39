import type { StackletId } from '../model/names.ts'
import type { Standing } from '../model/standing.ts'
import type { World } from '../ports/world.ts'
import { remember } from './remember.ts'

/** What ends because of who runs this, before it looks. */
export interface Easing {
  /** Stacklets that a person named: what was stopped by hand is meant to run again. */
  readonly named: readonly StackletId[]
  /** The nightly run tries what was given up once more. */
  readonly isSecondChance: boolean
}

export async function easeStandings(world: World, easing: Easing): Promise<void> {
  if (easing.named.length === 0 && !easing.isSecondChance) return
  const edit = (all: Readonly<Record<string, Standing>>): readonly Standing[] =>
    Object.values(all).flatMap((before) => {
      const after = easeOne(before, easing)
      return JSON.stringify(after) === JSON.stringify(before) ? [] : [after]
    })
  await remember(world, edit)
}

function easeOne(standing: Standing, { named, isSecondChance }: Easing): Standing {
  const isNamed = named.includes(standing.id)
  return {
    ...standing,
    ...(isNamed && standing.hold?.by === 'hand' ? { hold: null } : {}),
    ...(isNamed || isSecondChance ? { heals: [], flapping: null } : {}),
  }
}
