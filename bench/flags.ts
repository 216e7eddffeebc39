import { parseArgs } from 'node:util'

export interface Flags {
  readonly only: readonly string[]
  readonly count: number
  readonly rounds: number
}

export const usage = `npm run bench [-- --only ROW[,ROW]] [--count N] [--rounds N]

Measures this program beside what a user would pick instead, and writes bench/results.md when no row was left out.
  --only     these rows alone; their names stand in the first column of bench/results.md
  --count    how many stacklets a row has, 100 unless it is said
  --rounds   how often each side is measured, 5 unless it is said`

export function readFlags(argv: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...argv],
    options: { only: { type: 'string' }, count: { type: 'string' }, rounds: { type: 'string' } },
  })
  return {
    only: values.only?.split(',') ?? [],
    count: Number(values.count ?? 100),
    rounds: Number(values.rounds ?? 5),
  }
}
