import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { uniqueName } from '../engine/ports.ts'
import { everyHook, hookedStacklet, logged, logPath } from './fixtures/hooked.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { mustSee, type Seen } from './support/containers.ts'
import { type Instance, makeInstance } from './support/instance.ts'
import { commitAndRun } from './support/runs.ts'
import { desiredRunning } from './support/stacklets.ts'

const onEnd = atTheEnd()
const id = uniqueName('kept')
const month = new Date().toISOString().slice(0, 7)
let host: Instance
let before: Seen

/** A host that lacks nothing: hooks have run, a secret is made, a hold is noted, a good version is kept. */
beforeAll(async () => {
  const manifest = '\n[env]\ngenerate = ["KEY"]\n'
  const files = { ...hookedStacklet({ id, hooks: everyHook(), manifest }), ...desiredRunning(id), [logPath]: '' }
  host = await makeInstance(files, { onEnd })
  onEnd(restore)
  await commitAndRun(host)
  await host.stack('hold', id, '--for', '2h')
  await host.write('.stack/slots.json', '{"nightly":"2026-11-21T03:00:00.000Z"}\n')
  await cp(join(host.folder, '.stack'), join(host.folder, 'data/saved'), { recursive: true })
  before = await mustSee(host.docker, `stack-${id}`)
  await logged(host)
})

const damages: readonly (readonly [string, (text: string) => string])[] = [
  ['empty', () => ''],
  ['cut in the middle', (text) => text.slice(0, text.length / 2)],
  ['cut before its last bytes', (text) => text.slice(0, -3)],
  ['garbage', () => '\0\xff{]"\n\0'],
]

interface Expected {
  readonly path: string
  /** What names it: a check of the doctor, or the code with which every run ends; null: nothing rests on what it says. */
  readonly named: 'doctor' | 'run' | 'note' | null
  /** Whether the next run writes it anew, as far as it can be known. */
  readonly isRebuilt: boolean
}

const files: readonly Expected[] = [
  { path: `.stack/ledger/${id}.json`, named: 'doctor', isRebuilt: true },
  { path: '.stack/last-run', named: 'doctor', isRebuilt: true },
  { path: '.stack/slots.json', named: 'doctor', isRebuilt: false },
  { path: `.stack/good/${id}/version.json`, named: 'doctor', isRebuilt: false },
  { path: `.stack/journal/${month}.jsonl`, named: 'doctor', isRebuilt: false },
  { path: `.stack/standing/${id}.json`, named: 'note', isRebuilt: false },
  { path: '.stack/memory.json', named: 'run', isRebuilt: false },
  { path: '.stack/instance-id', named: 'run', isRebuilt: false },
  { path: '.stack/secrets.toml', named: 'run', isRebuilt: false },
  { path: `.stack/${id}.setup-done`, named: null, isRebuilt: false },
  { path: '.stack/lock', named: null, isRebuilt: false },
]

describe.each(files)('$path', ({ path, named, isRebuilt }) => {
  it.each(damages)(
    '%s: it is told, nothing is stopped, no hook runs again, and nothing is made up',
    async (_, damage) => {
      const damaged = await damagedAt(path, damage)

      const doctor = await host.stack('doctor', '--json')
      const run = await host.stack('reconcile', '--json')

      const isTold = doctor.stdout.includes(namedAs(path))
      // A journal that is empty, or ends where a line does, tells of less, and of nothing that is wrong.
      const isWhole = path.includes('/journal/') && damaged === ''
      if (named === 'doctor') expect(isTold || isWhole, doctor.stdout).toBe(true)
      if (named === 'note') expect(run.stdout).toContain(path)
      if (named === 'run') {
        expect(run.code).toBe(1)
        expect(run.stdout).toMatch(/STACK_(?:STATE|SECRETS)_BROKEN/)
        expect(run.stdout).toContain(path)
      }
      expect(await mustSee(host.docker, `stack-${id}`)).toEqual(before)
      expect((await logged(host)).filter((line) => /on_(?:configure|install)/.test(line))).toEqual([])
      const after = await host.read(path)
      if (isRebuilt) expect(() => JSON.parse(after)).not.toThrow()
      else if (path !== '.stack/lock') expect(after.startsWith(damaged)).toBe(true)
    },
  )
})

describe('a version that is newer than this program', () => {
  it.each([`.stack/ledger/${id}.json`, `.stack/good/${id}/version.json`])(
    'of %s is none of ours, and stops nothing',
    async (path) => {
      await restore()
      await host.write(path, JSON.stringify({ ...JSON.parse(await host.read(path)), format: 99 }))

      const run = await host.stack('reconcile', '--json')

      expect(run.json.outcome).toMatch(/converged|waiting/)
      expect(await mustSee(host.docker, `stack-${id}`)).toEqual(before)
    },
  )
})

async function damagedAt(path: string, damage: (text: string) => string): Promise<string> {
  await restore()
  // What is on hold is left alone, and so is what is known of it.
  if (!path.includes('/standing/')) await host.remove(`.stack/standing/${id}.json`)
  const damaged = damage(await host.read(path))
  await host.write(path, damaged)
  return damaged
}

/** The ledger is told by id. */
function namedAs(path: string): string {
  return path.includes('/ledger/') ? `${id} of .stack/ledger` : path
}

async function restore(): Promise<void> {
  await rm(join(host.folder, '.stack'), { recursive: true })
  await cp(join(host.folder, 'data/saved'), join(host.folder, '.stack'), { recursive: true, preserveTimestamps: true })
}
