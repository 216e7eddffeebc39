import { type Measured, type MeasuredSide, median } from './measure.ts'
import type { Row } from './row.ts'

/** The results as a table of Markdown, which reads well in a terminal, too. */
export function resultsTable(results: readonly Measured[]): string {
  const rows = results.flatMap(linesOf)
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

const header = ['what', 'how', 'median (range), ms', 'ours is', 'goal', 'reached']

function linesOf({ row, sides }: Measured): readonly (readonly string[])[] {
  const [ours] = sides
  return sides.map((side, place) => [
    place === 0 ? row.name : '',
    side.name,
    spread(side.ms),
    ...(place === 0 || ours === undefined ? ['', '', ''] : verdict(row, ours, side)),
  ])
}

function verdict({ goals }: Row, ours: MeasuredSide, side: MeasuredSide): readonly string[] {
  const ratio = median(ours.ms) / median(side.ms)
  const goal = goals.find((one) => one.side === side.name)
  const is = `${words(ratio)} of it`
  return goal === undefined ? [is, '', ''] : [is, `at most ${words(goal.atMost)}`, ratio <= goal.atMost ? 'yes' : 'no']
}

/** `1/25` says more than `0.04`. */
function words(ratio: number): string {
  return ratio < 0.3 ? `1/${Math.round(1 / ratio)}` : ratio.toFixed(2)
}

function spread(ms: readonly number[]): string {
  return `${shown(median(ms))} (${shown(Math.min(...ms))} to ${shown(Math.max(...ms))})`
}

function shown(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : ms.toFixed(0)
}
