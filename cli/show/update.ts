import type { ReportedImage, UpdateReport } from '../../reconciler/index.ts'
import type { Terminal } from '../terminal.ts'
import { document } from './json.ts'
import { table } from './table.ts'

/** Every image that runs, what there is, and what is done about it. */
export function updateLines({ images, revision }: UpdateReport, { paint }: Pick<Terminal, 'paint'>): readonly string[] {
  if (images.length === 0) return ['Nothing runs that has an image elsewhere.']
  const rows = images.map((one) => [one.stacklet, one.service, stepText(one), one.decision, one.because])
  const commit = revision === null ? [] : [`${paint('green', 'Locked')} in commit ${revision.slice(0, 7)}.`]
  return [...table([['STACKLET', 'SERVICE', 'IMAGE', 'DECISION', 'BECAUSE'], ...rows]), ...commit]
}

function stepText({ image, current, candidate }: ReportedImage): string {
  if (candidate === null || candidate === current) return short(current) ?? image
  return `${short(current) ?? 'unknown'} → ${short(candidate)}`
}

/** One image that something is to be said of, where updates are not the subject. */
export function toldLine(one: ReportedImage): string {
  return `! ${one.decision}: ${one.stacklet} ${one.service} ${stepText(one)}: ${one.because}`
}

/** `1.2.3 ab12cd34ef56` */
function short(text: string | null): string | null {
  return text?.replace(/@?sha256:([0-9a-f]{12})[0-9a-f]*$/, ' $1').trim() ?? null
}

export function updateDocument({ checkedAt, images, revision, notes }: UpdateReport): string {
  return document({ checkedAt, images, revision, notes })
}
