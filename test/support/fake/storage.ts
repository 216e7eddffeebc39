import { concealed, revealedJson } from '../../../reconciler/adapters/good/secret-json.ts'
import { digest } from '../../../reconciler/lib/digest.ts'
import { hookEvents, type StartedHook } from '../../../reconciler/model/hook.ts'
import type { Digest, StackletId } from '../../../reconciler/model/names.ts'
import { isClear } from '../../../reconciler/model/standing.ts'
import type { Demolition } from '../../../reconciler/ports/demolition.ts'
import type { GoodVersion, GoodVersions } from '../../../reconciler/ports/good-versions.ts'
import type { InstanceFiles, OwnFile } from '../../../reconciler/ports/instance-files.ts'
import type { Ledger } from '../../../reconciler/ports/ledger.ts'
import type { LocalSettings } from '../../../reconciler/ports/local-settings.ts'
import type { RunRecords } from '../../../reconciler/ports/run-records.ts'
import type { Standings } from '../../../reconciler/ports/standings.ts'
import type { Box } from './box.ts'
import type { Shuffle } from './engine.ts'

export function pathOf(file: OwnFile, id: string): string {
  if (file === 'env') return `/instance/stacklets/${id}/.env`
  if (file === 'document') return `/instance/.stack/compose/${id}.yml`
  return `/instance/.stack/${id}.${{ marker: 'setup-done', progress: 'setup-progress', services: 'services', hook: 'hook' }[file]}`
}

export function fakeFiles(box: Box, shuffle: Shuffle): InstanceFiles {
  const look = (id: StackletId) => {
    const env = box.files.get(pathOf('env', id))
    const lines = (file: OwnFile) => (box.files.get(pathOf(file, id)) ?? '').split('\n').filter((line) => line !== '')
    const [started] = lines('hook')
    return {
      env: env === undefined ? null : (digest(env) as Digest),
      isSetUp: box.files.has(pathOf('marker', id)),
      finishedHooks: hookEvents.filter((event) => lines('progress').includes(event)),
      startedServices: lines('services'),
      startedHook: started === undefined ? null : (JSON.parse(started) as StartedHook),
      hasData: box.data.has(id),
    }
  }
  return {
    look: async (ids) => Object.fromEntries(shuffle(ids).map((id) => [id, look(id)])),
    async write(file, id, content) {
      box.files.set(pathOf(file, id), content.reveal())
    },
    async remove(file, id) {
      box.files.delete(pathOf(file, id))
    },
    async trash(id, dataDir, at) {
      if (!box.data.delete(id)) return null
      const place = `${dataDir}/.trash/${id}-${at.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`
      const isTaken = box.trash.includes(place)
      box.trash.push(isTaken ? `${place}-${box.trash.length}` : place)
      return box.trash.at(-1) ?? null
    },
    async paths(id) {
      const document = pathOf('document', id)
      return { directory: `/instance/stacklets/${id}`, document: box.files.has(document) ? document : null }
    },
  }
}

export function fakeLedger(box: Box, shuffle: Shuffle): Ledger {
  return {
    async read() {
      const sorted = [...box.ledger].sort(([one], [other]) => (one < other ? -1 : 1))
      return { entries: Object.assign(Object.create(null), Object.fromEntries(shuffle(sorted))), broken: [] }
    },
    async write(entry) {
      box.ledger.set(entry.id, structuredClone(entry))
    },
    async forget(id) {
      box.ledger.delete(id)
    },
  }
}

export function fakeStandings(box: Box, shuffle: Shuffle): Standings {
  return {
    async read() {
      const sorted = shuffle([...box.standings].sort(([one], [other]) => (one < other ? -1 : 1)))
      return { standings: Object.assign(Object.create(null), Object.fromEntries(sorted)), broken: [] }
    },
    async change(edit) {
      const changed = edit(Object.fromEntries(box.standings))
      for (const standing of changed) {
        if (isClear(standing)) box.standings.delete(standing.id)
        else box.standings.set(standing.id, structuredClone(standing))
      }
      return changed
    },
  }
}

export function fakeGood(box: Box): GoodVersions {
  return {
    async read(id) {
      const text = box.good.get(id)
      if (text === undefined) return null
      return { ...(concealed(text) as GoodVersion), directory: `/instance/.stack/good/${id}/root/stacklets/${id}` }
    },
    async save(version) {
      box.good.set(version.wanted.id, revealedJson(version))
    },
    async forget(id) {
      box.good.delete(id)
    },
  }
}

export function fakeRecords(box: Box): RunRecords {
  return {
    async append(event) {
      box.journal.push(event)
    },
    events: async () => box.journal,
    async forget(runs) {
      box.journal.splice(0, box.journal.length, ...box.journal.filter(({ run }) => !runs.has(run)))
    },
    readLastRun: async () => box.lastRun,
    async writeLastRun(note) {
      box.lastRun = note
    },
  }
}

export function fakeSettings(box: Box, shuffle: Shuffle): LocalSettings {
  return {
    read: async () => Object.fromEntries(shuffle(Object.entries(box.settings))),
    async set(table, key, value) {
      box.settings = { ...box.settings, [table]: { ...box.settings[table], [key]: value } }
    },
  }
}

export function fakeDemolition(box: Box): Demolition {
  return {
    purgeData: async (id) => box.data.delete(id),
    removeState: async () => null,
  }
}
