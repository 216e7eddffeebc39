import type { Series } from './plot.ts'

/** The numbers behind the plot, ms. */
export function scaleTable(series: readonly Series[]): string {
  const counts = [...new Set(series.flatMap(({ points }) => points.map(([count]) => count)))].sort((a, b) => a - b)
  const rows = series.map(({ name, points }) => {
    const known = new Map(points)
    return [name, ...counts.map((count) => known.get(count)?.toFixed(0) ?? '')]
  })
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(['ms, by number of stacklets', ...counts.map(String)]),
    line(['---', ...counts.map(() => '---:')]),
    ...rows.map(line),
  ].join('\n')
}
