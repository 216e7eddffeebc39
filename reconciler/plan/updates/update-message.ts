import type { StackletId } from '../../model/names.ts'
import type { LockLine } from './next-lock.ts'

/** One line of the lock that moves, for whoever reads the history. */
export interface Moved {
  readonly stacklet: StackletId
  readonly service: string
  readonly from: { readonly tag: string | null; readonly digest: string | null; readonly version: string | null }
  readonly to: { readonly tag: string; readonly digest: string; readonly version: string | null }
}

/** What a commit says that moves the lock: old -> new. */
export function updateMessage(moved: readonly Moved[]): string {
  const lines = moved.map((one) => `${one.stacklet} ${one.service}: ${sideText(one.from)} -> ${sideText(one.to)}`)
  return [subjectOf(moved), '', ...lines].join('\n')
}

function subjectOf(moved: readonly Moved[]): string {
  const [first, ...more] = moved
  if (first === undefined || more.length > 0) return `update ${counted(moved.length)}`
  const [from, to] = [shortSide(first.from), shortSide(first.to)]
  return `update ${first.stacklet} ${first.service}${from === to ? ` ${to}` : ` ${from} -> ${to}`}`
}

/** What a commit says that locks what runs. */
export function lockMessage(lines: readonly LockLine[]): string {
  const said = lines.map(
    ({ stacklet, service, line }) => `${stacklet} ${service}: ${line?.tag}, ${shortDigest(line?.digest ?? null)}`,
  )
  return lines.length === 0
    ? 'lock: lines that bind nothing any more go'
    : [`lock ${counted(lines.length)} as they run`, '', ...said].join('\n')
}

function counted(count: number): string {
  return `${count} ${count === 1 ? 'image' : 'images'}`
}

/** The version of the labels where a tag does not tell it. */
function shortSide({ tag, version }: Moved['from']): string {
  return version ?? tag ?? 'unknown'
}

function sideText({ tag, digest, version }: Moved['from']): string {
  const words = [
    tag ?? 'unknown',
    version === null || version === tag ? null : `version ${version}`,
    shortDigest(digest),
  ]
  return words.filter((word) => word !== null).join(', ')
}

function shortDigest(digest: string | null): string | null {
  return digest?.slice(0, 'sha256:'.length + 12) ?? null
}

/** What the commit says that puts a line back. */
export function putBackMessage(moved: readonly Moved[], why: string): string {
  const [first, ...more] = moved
  const whose = first === undefined || more.length > 0 ? counted(moved.length) : `${first.stacklet} ${first.service}`
  const lines = moved.map((one) => `${one.stacklet} ${one.service}: ${sideText(one.to)} -> ${sideText(one.from)}`)
  return [`put back ${whose}`, '', ...lines, '', `Because ${why}`].join('\n')
}
