import type { HostStatus, StackletStatus } from '../../reconciler/index.ts'
import type { Terminal } from '../terminal.ts'
import { document } from './json.ts'
import { standingOf } from './standing.ts'
import { table } from './table.ts'
import { toldLine } from './update.ts'

/** How everything stands, for a person: the condition, then a line a stacklet. */
export function statusLines(status: HostStatus, { paint }: Terminal): readonly string[] {
  const { host, revision, condition } = status
  const at = revision === null ? 'no commit' : revision.slice(0, 7)
  const head = `${paint('bold', host)} at ${at}: ${condition.message}`
  const rows = status.stacklets.map((one) => [one.id, one.state, one.health, wordsOf(one), one.url ?? ''])
  const problems = status.stacklets.flatMap((one) => one.problems.filter((problem) => problem.level === 'error'))
  const told = [
    ...status.notes.flatMap(({ message, hint, since }) => [`! ${message} (since ${timeOf(since)})`, `    ${hint}`]),
    ...problems.map((problem) => `! ${problem.about}: ${problem.message}`),
    ...status.stacklets.flatMap((one) => one.notes.map((note) => `! ${note}`)),
    ...(status.updates ?? []).map(toldLine),
  ]
  const dead = status.stacklets.flatMap((one) =>
    one.urls.filter(({ answers }) => !answers).map(({ url, why }) => `! ${one.id}: ${url}: ${why}`),
  )
  const certificates = status.certificates.map(
    ({ host: name, daysLeft, until, isEnding }) =>
      `${isEnding ? '!' : ' '} certificate of ${name}: ${daysLeft > 1 ? `${daysLeft} days left` : `until ${timeOf(until)}`}`,
  )
  if (rows.length === 0) return [head, 'No stacklets: add one under stacklets/.']
  return [
    head,
    '',
    ...table([['STACKLET', 'STATE', 'HEALTH', 'IN SYNC', 'URL'], ...rows]),
    ...told,
    ...dead,
    ...(certificates.length === 0 ? [] : ['', ...certificates]),
  ]
}

/** `2026-11-27 03:00Z` */
function timeOf(since: string): string {
  return `${since.slice(0, 16).replace('T', ' ')}Z`
}

function wordsOf(one: StackletStatus): string {
  if (one.desired === 'undeclared') return one.inSync ? 'not declared' : 'not declared, but running'
  if (one.hold !== null) return `on hold: ${one.hold.why}`
  if (one.inSync) return 'yes'
  return one.drift.length > 0 ? `drift: ${one.drift.join(', ')}` : 'no'
}

export function statusDocument(status: HostStatus): string {
  return document({ name: status.host, ...status, stacklets: status.stacklets.map(stackletFields) })
}

function stackletFields(one: StackletStatus): Readonly<Record<string, unknown>> {
  const { problems, alwaysOn: _alwaysOn, ...fields } = one
  return { ...fields, ...standingOf(one), problems: problems.map((problem) => problem.message) }
}
