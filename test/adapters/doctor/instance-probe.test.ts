import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { instanceProbe } from '../../../reconciler/adapters/doctor/instance-probe.ts'

function instance(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'probe-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return { folder, probe: instanceProbe({ instance: folder, root: folder, temporary: join(folder, 'tmp') }) }
}

it('a folder with nothing in it is no disorder', async () => {
  const { probe } = instance({})

  expect(await probe.look()).toMatchObject({ entries: [], staged: [], halfEdit: null, lock: null, setUp: [] })
})

it('what lies in .stack/ and beside stacklets is seen with its mode', async () => {
  const { probe, folder } = instance({ '.stack/secrets.toml': '', 'stacklets/a/.env': '', 'stacklets/a/x': '' })
  chmodSync(join(folder, '.stack/secrets.toml'), 0o640)

  const { entries, directories } = await probe.look()

  expect(entries.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
    'folder .stack',
    'file .stack/secrets.toml',
    'file stacklets/a/.env',
  ])
  expect(entries[1]?.mode).toBe(0o640)
  expect(directories).toEqual(['a'])
})

it('what was staged is told from what a person would call a file', async () => {
  const uuid = '0b9e2c1a-1111-4222-8333-444455556666'
  const staged = [`.stack/edit-${uuid}`, '.stack/last-run.123456789', `.stack/staged/${uuid}`]
  const values = { 'tmp/stackloop-Ab12Cd/values.env': '', 'tmp/stackloop-Ab12Ce/other': '', 'tmp/mine/values.env': '' }
  const files = {
    'desired/desired.toml.1': '',
    'desired/a.toml': '',
    '.stack/edit.lock': '',
    '.stack/host': '',
    ...values,
  }
  const { probe, folder } = instance({ ...files, ...Object.fromEntries(staged.map((path) => [path, ''])) })

  const found = (await probe.look()).staged.map(({ path }) => path)

  expect([...found].sort()).toEqual([...staged, join(folder, 'tmp/stackloop-Ab12Cd')].sort())
})

it('records that are cut short, empty or something else are told from those that are whole', async () => {
  const whole = {
    '.stack/last-run': '{"run":"1"}\n',
    '.stack/good/b/version.json': '{}',
    '.stack/standing/b.json': '{}',
    '.stack/journal/2026-10.jsonl': '{"kind":"run-started"}\n\n{"kind":"from a later version"}\n',
  }
  const broken = {
    '.stack/slots.json': '',
    '.stack/good/a/version.json': '{"format":1,',
    '.stack/standing/a.json': '[]',
    '.stack/journal/2026-11.jsonl': '{"kind":"run-started"}\n{"kind":"step-\n{"kind":"run-ended"}\n',
  }
  const { probe } = instance({ ...whole, ...broken })

  expect([...(await probe.look()).unreadable].sort()).toEqual(Object.keys(broken).sort())
})

it('who holds the lock, or died with it, is told', async () => {
  const owner = { since: '2026-11-21T03:00:00Z', why: 'stack up', host: 'box' }
  const alive = instance({ '.stack/lock': JSON.stringify({ pid: process.pid, ...owner }) })
  const dead = instance({ '.stack/lock': JSON.stringify({ pid: 2 ** 22 + 1, ...owner }) })
  const free = instance({ '.stack/lock': '' })

  expect((await alive.probe.look()).lock).toMatchObject({ isAlive: true, why: 'stack up' })
  expect((await dead.probe.look()).lock).toMatchObject({ isAlive: false })
  expect((await free.probe.look()).lock).toBeNull()
})

it('an edit, markers and the version of core are read', async () => {
  const { probe } = instance({
    '.stack/edit': JSON.stringify({ path: 'desired/desired.toml', before: 'a', after: 'b' }),
    '.stack/web.setup-done': '',
    '.stack/web.services': '',
    '.stack/old.setup-progress': '',
    'stacklets/core/stacklet.toml': 'id = "core"\nversion = "0.9.0"\n[broken',
  })

  expect(await probe.look()).toMatchObject({
    halfEdit: 'desired/desired.toml',
    setUp: ['old', 'web'],
    core: { here: '0.9.0', shipped: expect.stringMatching(/^\d/) },
  })
})

it('an edit under way is none that was cut short', async () => {
  const edit = JSON.stringify({ path: 'desired/desired.toml', before: 'a', after: 'b' })
  const alive = instance({ '.stack/edit': edit, '.stack/edit.lock': `pid ${process.pid} edits desired/desired.toml` })
  const dead = instance({ '.stack/edit': edit, '.stack/edit.lock': `pid ${2 ** 22 + 1} edits desired/desired.toml` })

  expect((await alive.probe.look()).halfEdit).toBeNull()
  expect((await dead.probe.look()).halfEdit).toBe('desired/desired.toml')
})

it('modes are set, folders made, and what was staged removed', async () => {
  const { probe, folder } = instance({ '.stack/secrets.toml': '', 'tmp/stackloop-Ab12Cd/values.env': '' })

  await probe.setMode('.stack', 0o700)
  await probe.makeFolder(join(folder, 'data/deep'))
  await probe.removeStaged(join(folder, 'tmp/stackloop-Ab12Cd'))

  expect(statSync(join(folder, '.stack')).mode & 0o777).toBe(0o700)
  expect(existsSync(join(folder, 'data/deep'))).toBe(true)
  expect(existsSync(join(folder, 'tmp/stackloop-Ab12Cd'))).toBe(false)
  await expect(probe.setMode('nothing', 0o600)).rejects.toMatchObject({ code: 'STACK_FILES_FAILED' })
})
