import { structuredPatch } from 'diff'

/** Lines of context around what differs. */
const context = 2

/**
 * The lines of a unified diff from one text to another, without the names of the files: `@@ -3,5 +3,5 @@`, then lines that begin
 * with a space, `-` or `+`.
 */
export function textDiff(before: string, after: string): readonly string[] {
  const { hunks } = structuredPatch('', '', before, after, '', '', { context })
  return hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
    ...lines,
  ])
}

/** Of nothing, the line before it counts, as in every other tool. */
function range(start: number, count: number): string {
  return `${count === 0 ? start - 1 : start},${count}`
}
