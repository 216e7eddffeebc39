/** Numbers that look drawn, and are the same for the same seed. */
export interface Chance {
  /** From 0 to below `limit`. */
  readonly below: (limit: number) => number
  readonly pick: <One>(among: readonly One[]) => One
}

export function chance(seed: number): Chance {
  let state = seed >>> 0
  // A linear congruential step, its low bits mixed: good enough to choose what happens next.
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    below,
    pick: (among) => {
      const one = among[below(among.length)]
      if (one === undefined) throw new Error('nothing to choose from')
      return one
    },
  }
}
