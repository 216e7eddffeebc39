import type { Problem } from '../model/problem.ts'
import type { Pace } from '../model/settings.ts'
import type { Template } from '../model/stacklet.ts'
import type { BackupPlan, DesiredDocument, DesiredEntry } from './desired-document.ts'
import { DesiredToml, type Entry } from './desired-table.ts'
import { explainEnvName } from './kinds.ts'
import { inReadingOrder, type Reading, readToml } from './read-toml.ts'
import { readRoutes } from './route-table.ts'
import { checkTemplate } from './template.ts'
import type { TomlPath } from './toml-places.ts'
import { keyPosition, type TomlSource, templateAt, valuePosition } from './toml-source.ts'
import { updateRules } from './update-rules.ts'

/** `desired/desired.toml`, or the one of a host; null where there is none. */
export function parseDesired(text: string | null, file: string): DesiredDocument {
  const reading = readToml(DesiredToml, text ?? '', file, { unknownKeys: 'error', about: null })
  const { value, source } = reading
  const entries = Object.entries(value.stacklets).map(([id, entry]) => readEntry(id, entry, source))
  const problems = [...reading.problems, ...entries.flatMap((entry) => explainTexts(entry, source)), ...notYet(reading)]
  return {
    file,
    pace: paceFrom(value.reconcile),
    entries,
    isEmpty: entries.length === 0,
    problems: inReadingOrder(problems),
  }
}

function paceFrom(table: DesiredToml['reconcile']): Pace {
  return {
    intervalMs: table.interval,
    schedule: table.schedule,
    concurrency: table.concurrency,
    holdMs: table.hold,
    prune: table.prune,
    selfHeal: table.self_heal,
    onFailure: table.on_failure,
    maxRemovals: table.max_removals,
  }
}

function readEntry(id: string, entry: Entry, source: TomlSource): DesiredEntry {
  const path = ['stacklets', id]
  const env = Object.keys(entry.env).map((name): [string, Template] => [
    name,
    templateAt(source, [...path, 'env', name]),
  ])
  return {
    id,
    at: keyPosition(source, path),
    state: entry.state,
    requires: entry.requires.map((other, index) => ({
      id: other,
      at: valuePosition(source, [...path, 'requires', index]),
    })),
    env: Object.fromEntries(env),
    driftIgnore: entry.drift?.ignore ?? [],
    update: updateRules(entry.update),
    routes: readRoutes(entry.route, source, [...path, 'route']),
    backup: entry.backup === undefined ? null : backupFrom(entry.backup),
  }
}

function backupFrom(table: NonNullable<Entry['backup']>): BackupPlan {
  const { method = null, schedule = null, frequency = null, keep = null, target = null, recipients } = table
  return { method, schedule: schedule ?? frequency, keep, target, recipients }
}

function explainTexts(entry: DesiredEntry, source: TomlSource): readonly Problem[] {
  const values = Object.entries(entry.env).flatMap(([name, template]) => [
    ...explainEnvName(name, keyPosition(source, ['stacklets', entry.id, 'env', name]), null),
    ...checkTemplate(template, null),
  ])
  const hosts = entry.routes.flatMap(({ host }) => host ?? [])
  return [...values, ...hosts.flatMap((host) => checkTemplate(host, null))]
}

function notYet({ value, source }: Reading<DesiredToml>): readonly Problem[] {
  const declared: readonly TomlPath[] = [
    ...Object.keys(value.stacks).map((id) => ['stacks', id]),
    ...Object.keys(value.apps).map((id) => ['apps', id]),
  ]
  return declared.map((path) => ({
    level: 'error',
    code: 'not-supported',
    message: `[${path.join('.')}] cannot be deployed yet`,
    hint: 'write it as a stacklet, or take it out',
    at: keyPosition(source, path),
    about: null,
  }))
}
