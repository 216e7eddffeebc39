import { relative } from 'node:path'
import type { InitReport } from '../../reconciler/index.ts'
import type { Terminal } from '../terminal.ts'
import { document } from './json.ts'
import { table } from './table.ts'

const nextCommands = ['stack doctor', 'stack plan', 'stack reconcile']

/** What was made, what was taken over, and what to type next. */
export function initLines(report: InitReport, cwd: string, { paint }: Pick<Terminal, 'paint'>): readonly string[] {
  const { folder, written, takenOver, notes } = report
  const isNew = written.length > 0
  const head = isNew ? `${paint('green', 'Made')} an instance in ${folder}:` : `${folder} is an instance already.`
  const there = relative(cwd, folder)
  const enter = there === '' ? [] : [`  cd ${there.startsWith('..') ? folder : there}`]
  return [
    head,
    ...written.map((path) => `  + ${path}`),
    ...commitLines(report),
    ...(takenOver === null ? [] : ['', 'Taken over, nothing was started or stopped:', ...takenLines(takenOver)]),
    ...notes.map((note) => `! ${note}`),
    '',
    'Next:',
    ...enter,
    ...nextCommands.map((command) => `  ${command}`),
    ...(isNew
      ? ['', 'A service is a folder stacklets/<id>/ and a line [stacklets.<id>] in desired/desired.toml.']
      : []),
  ]
}

function commitLines({ repository, revision }: InitReport): readonly string[] {
  const made = repository === 'made' ? 'A new git repository' : 'Committed'
  if (revision === null) return []
  return [
    repository === 'made' ? `${made}, first commit ${revision.slice(0, 7)}.` : `${made} as ${revision.slice(0, 7)}.`,
  ]
}

function takenLines(takenOver: NonNullable<InitReport['takenOver']>): readonly string[] {
  const rows = takenOver.map(({ id, state, because, containers, problem }) => {
    const count = `${containers.length} ${containers.length === 1 ? 'container' : 'containers'}`
    return [`  ${id}`, state, problem === null ? count : `! ${problem}`, because ?? '']
  })
  return table(rows)
}

export function initDocument({ folder, written, repository, revision, takenOver, notes }: InitReport): string {
  return document({ folder, written, repository, revision, takenOver, notes, next: nextCommands })
}
