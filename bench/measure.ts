import type { Ground, Row } from './row.ts'

export interface Measured {
  readonly row: Row
  /** Milliseconds, in the order in which they were measured. */
  readonly oursMs: readonly number[]
  readonly peerMs: readonly number[]
}

/** Both sides in turn, so that what disturbs the machine disturbs both. */
export async function measure(row: Row, ground: Ground, rounds: number): Promise<Measured> {
  const oursMs: number[] = []
  const peerMs: number[] = []
  const contest = await row.setup(ground)
  try {
    for (let round = 0; round < rounds; round += 1) {
      oursMs.push(await timed(contest.ours))
      peerMs.push(await timed(contest.peer))
    }
    return { row, oursMs, peerMs }
  } finally {
    await contest.cleanUp()
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const beganMs = performance.now()
  await work()
  return performance.now() - beganMs
}

/** The middle one; of an even number, the lower of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
}
