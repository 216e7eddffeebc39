import { type Measured, median } from './measure.ts'

/** The results as a table of Markdown, which reads well in a terminal, too. */
export function resultsTable(results: readonly Measured[]): string {
  const rows = results.map(cells)
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

const header = ['what', 'ours', 'median (range)', 'instead', 'median (range)', 'ratio']

function cells({ row, oursMs, peerMs }: Measured): readonly string[] {
  const ratio = median(peerMs) / median(oursMs)
  return [row.name, row.ours, spread(oursMs), row.peer, spread(peerMs), `${ratio.toFixed(1)} times as fast`]
}

function spread(ms: readonly number[]): string {
  return `${seconds(median(ms))} s (${seconds(Math.min(...ms))} to ${seconds(Math.max(...ms))})`
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2)
}
