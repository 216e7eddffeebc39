import type { Change } from './step.ts'

/** Lines are kept to what every terminal shows. */
export const widest = 80

/** What is said already by the line of the step. */
interface Said {
  readonly because: string
  /** The one container that the step is about. */
  readonly container: string | null
}

/** One field as `got → want  (cause)`, on as many lines as it takes, and the diff of a text below it. */
export function renderChange(change: Change, { because, container }: Said): readonly string[] {
  const { want, got, cause, diff = [] } = change
  const prefix = `${container} `
  const field = change.field.startsWith(prefix) ? change.field.slice(prefix.length) : change.field
  const isSame = want === got || diff.length > 0
  const values = isSame ? '' : `${inWords(got, field)} → ${inWords(want, field)}`
  const source = cause.endsWith(`/${field}`) ? cause.slice(0, cause.indexOf(', ')) : cause
  return [...laidOut(field, values, source === because ? '' : `(${source})`), ...renderDiff(diff)]
}

function laidOut(field: string, values: string, cause: string): readonly string[] {
  const first = values === '' ? `      ${field}` : `      ${field}: ${values}`
  const whole = cause === '' ? first : `${first}  ${cause}`
  if (whole.length <= widest) return [whole]
  if (first.length <= widest) return [first, `        ${cause}`]
  return [`      ${field}`, ...[values, cause].filter((text) => text !== '').map((text) => `        ${text}`)]
}

const longestValue = 24

/** None, or a value in a unit that people use; cut in the middle where it is long: the ends tell more. */
function inWords(value: string | null, field: string): string {
  if (value === null) return 'none'
  const text = withUnit(value, field)
  if (text.length <= longestValue) return text
  const half = Math.floor((longestValue - 1) / 2)
  return `${text.slice(0, half)}…${text.slice(-half)}`
}

function withUnit(value: string, field: string): string {
  if (/^sha256:[0-9a-f]{64}$/.test(value)) return value.slice('sha256:'.length, 19)
  const count = Number(value)
  if (!Number.isFinite(count)) return value
  if (/HostConfig\.(Memory|ShmSize)/.test(field) && count % 1_048_576 === 0) return `${count / 1_048_576} MiB`
  return field.endsWith('HostConfig.NanoCpus') ? `${count / 1e9} CPUs` : value
}

const longestDiff = 30

function renderDiff(diff: readonly string[]): readonly string[] {
  const shown = diff.slice(0, longestDiff).map((line) => cut(`        ${line}`))
  const more = diff.length - shown.length
  return more > 0 ? [...shown, `        … ${more} more ${more === 1 ? 'line' : 'lines'}`] : shown
}

function cut(line: string): string {
  return line.length <= widest ? line : `${line.slice(0, widest - 1)}…`
}
