import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { jsonOrNull } from '../../lib/json-or-null.ts'

import type { RunEvent } from '../../model/event.ts'
import type { LastRun } from '../../model/status.ts'
import type { RunRecords } from '../../ports/run-records.ts'
import { appendLine } from './append-line.ts'
import { naming, orAbsent } from './file-access.ts'

export interface FileRunRecordsOptions {
  /** Absolute directory of `.stack/`. */
  readonly instance: string
}

/** `.stack/journal/YYYY-MM.jsonl`, an event a line, and `.stack/last-run`. */
export function fileRunRecords({ instance }: FileRunRecordsOptions): RunRecords {
  const folder = join(instance, '.stack/journal')
  const lastRun = join(instance, '.stack/last-run')
  let previous: Promise<void> = Promise.resolve()
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = previous.then(work)
    previous = done.catch(() => {})
    return done
  }

  return {
    append: (event) => {
      const path = join(folder, `${event.at.slice(0, 7)}.jsonl`)
      return inTurn(() => naming(path, () => appendLine(path, JSON.stringify(event))))
    },
    events: async (since = '') => {
      const first = join(folder, `${since.slice(0, 7)}.jsonl`)
      const months = (await monthsIn(folder)).filter((path) => since === '' || path >= first)
      const texts = await Promise.all(months.map((path) => naming(path, () => readFile(path, 'utf8'))))
      return texts.flatMap((text) => text.split('\n')).flatMap(eventOf)
    },
    forget: (runs) =>
      inTurn(async () => {
        for (const path of runs.size === 0 ? [] : await monthsIn(folder)) {
          await naming(path, () => forgetIn(path, runs))
        }
      }),
    readLastRun: async () => {
      const text = await orAbsent(lastRun, () => readFile(lastRun, 'utf8'))
      const note = text === null ? null : jsonOrNull(text)
      return isRecord(note) && 'outcome' in note && 'run' in note ? (note as unknown as LastRun) : null
    },
    writeLastRun: (note) =>
      naming(lastRun, async () => {
        await mkdir(dirname(lastRun), { recursive: true, mode: 0o700 })
        await writeFileAtomic(lastRun, `${JSON.stringify(note)}\n`, { mode: 0o600 })
      }),
  }
}

async function forgetIn(path: string, runs: ReadonlySet<string>): Promise<void> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '')
  const kept = lines.filter((line) => !eventOf(line).some(({ run }) => runs.has(run)))
  if (kept.length === lines.length) return
  if (kept.length === 0) return rm(path, { force: true })
  await writeFileAtomic(path, `${kept.join('\n')}\n`, { mode: 0o600 })
}

async function monthsIn(folder: string): Promise<readonly string[]> {
  const names = (await orAbsent(folder, () => readdir(folder))) ?? []
  const months = names.filter((name) => /^\d{4}-\d\d\.jsonl$/.test(name)).sort()
  return months.map((name) => join(folder, name))
}

const kinds: ReadonlySet<unknown> = new Set<RunEvent['kind']>([
  ...(['run-started', 'step-started', 'step-progress', 'step-finished', 'step-failed'] as const),
  ...(['step-skipped', 'run-ended'] as const),
])

/** The event on a line; nothing for a torn one, and for one that a later version wrote and this one does not know. */
function eventOf(line: string): readonly RunEvent[] {
  const event = jsonOrNull(line)
  const isKnown = isRecord(event) && kinds.has(event['kind'])
  return isKnown && typeof event['run'] === 'string' && typeof event['at'] === 'string' ? [event as RunEvent] : []
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
