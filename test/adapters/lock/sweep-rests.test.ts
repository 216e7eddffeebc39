import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hostLock } from '../../../reconciler/adapters/lock/host-lock.ts'
import { holdFileLock } from '../../../reconciler/adapters/process/file-lock.ts'

const uuid = '0b9e2c1a-1111-4222-8333-444455556666'
const whole = [
  '.stack/last-run',
  '.stack/ledger/a.json',
  '.stack/good/a/version.json',
  '.stack/secrets.toml',
  '.stack/host',
]
const ofRuns = [
  'last-run.123456789',
  'ledger/a.json.1234567',
  'compose/a.yml.1234567',
  `staged/${uuid}`,
  'good/a.new/x',
]
const ofOthers = [
  'memory.json.1234567',
  'secrets.toml.1234567',
  'settings.toml.1234567',
  'first-seen.1234567',
  'stack.lock.1234567',
  'standing/a.json.1234567',
  `edit-${uuid}`,
  'restore-index',
]

let instance: string

beforeEach(() => {
  instance = mkdtempSync(join(tmpdir(), 'sweep-'))
  for (const path of [...whole, ...[...ofRuns, ...ofOthers].map((name) => `.stack/${name}`)]) {
    mkdirSync(dirname(join(instance, path)), { recursive: true })
    writeFileSync(join(instance, path), 'x')
  }
})
afterEach(() => rmSync(instance, { recursive: true, force: true }))

const left = () =>
  readdirSync(join(instance, '.stack'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/lock$|held$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(instance.length + 1))
    .sort()

const take = async (file: 'lock' | 'daemon.lock') =>
  (await hostLock({ instance, file }).take({ waitMs: 0, onWait: () => {} }, new AbortController().signal)).release()

it('who may run finds nothing that a killed one had staged, and all that was whole', async () => {
  await take('lock')

  expect(left()).toEqual([...whole].sort())
})

it('leaves what another process may be writing at this moment', async () => {
  const held = await holdFileLock({ path: join(instance, '.stack/secrets.lock'), wait: 'no' })

  await take('lock')

  expect(left()).toEqual([...whole, '.stack/secrets.toml.1234567'].sort())
  if ('release' in held) await held.release()
})

it('is for runs: a daemon that begins touches nothing', async () => {
  const before = left()

  await take('daemon.lock')

  expect(left()).toEqual(before)
})
