import type { Ground, Row, Side } from './row.ts'

export interface Measured {
  readonly row: Row
  readonly sides: readonly MeasuredSide[]
}

export interface MeasuredSide {
  readonly name: string
  /** Milliseconds, in the order in which they were measured. */
  readonly ms: readonly number[]
}

/** All sides in turn, so that what disturbs the machine disturbs all of them. */
export async function measure(row: Row, ground: Ground, rounds: number): Promise<Measured> {
  const contest = await row.setup(ground)
  try {
    const all = contest.sides.map((side) => ({ side, ms: [] as number[] }))
    for (let round = 0; round < rounds; round += 1) {
      for (const { side, ms } of all) ms.push(await timed(side))
    }
    return { row, sides: all.map(({ side, ms }) => ({ name: side.name, ms })) }
  } finally {
    await contest.cleanUp()
  }
}

async function timed({ prepare, work }: Side): Promise<number> {
  await prepare?.()
  const beganMs = performance.now()
  const said = await work()
  return typeof said === 'number' ? said : performance.now() - beganMs
}

/** The middle one; of an even number, the lower of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
}
