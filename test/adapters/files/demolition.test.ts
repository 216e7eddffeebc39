import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { demolition } from '../../../reconciler/adapters/files/demolition.ts'
import type { StackletId } from '../../../reconciler/model/names.ts'
import type { Demolition } from '../../../reconciler/ports/demolition.ts'

const photos = 'photos' as StackletId
const at = new Date('2026-11-21T03:00:12Z')
let home: string
let instance: string
let dataDir: string
let demolish: Demolition

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'demolition-'))
  instance = join(home, 'instance')
  dataDir = join(home, 'data')
  for (const folder of [join(instance, '.stack/ledger'), join(dataDir, '.trash')])
    mkdirSync(folder, { recursive: true })
  demolish = demolition({ instance })
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

describe('purging data', () => {
  it('deletes the folder, and leaves nothing in the trash', async () => {
    mkdirSync(join(dataDir, 'photos/deep'), { recursive: true })
    writeFileSync(join(dataDir, 'photos/deep/file'), 'x')

    expect(await demolish.purgeData(photos, dataDir, at)).toBe(true)
    expect(await demolish.purgeData(photos, dataDir, at)).toBe(false)
    expect(readdirSync(dataDir)).toEqual(['.trash'])
    expect(readdirSync(join(dataDir, '.trash'))).toEqual([])
  })

  it('follows no link, neither in its place nor inside', async () => {
    mkdirSync(join(home, 'outside'))
    writeFileSync(join(home, 'outside/file'), 'x')
    symlinkSync(join(home, 'outside'), join(dataDir, 'photos'))
    await expect(demolish.purgeData(photos, dataDir, at)).rejects.toMatchObject({ code: 'STACK_FILES_FAILED' })

    rmSync(join(dataDir, 'photos'))
    mkdirSync(join(dataDir, 'photos'))
    symlinkSync(join(home, 'outside'), join(dataDir, 'photos/link'))
    await demolish.purgeData(photos, dataDir, at)
    expect(existsSync(join(home, 'outside/file'))).toBe(true)
  })

  it('refuses what is no id', async () => {
    await expect(demolish.purgeData('..' as StackletId, dataDir, at)).rejects.toMatchObject({
      code: 'STACK_FILES_FAILED',
    })
    expect(existsSync(dataDir)).toBe(true)
  })
})

describe('removing state', () => {
  const secrets = () => join(instance, '.stack/secrets.toml')

  it('deletes .stack, and puts the secrets beside the data that needs them', async () => {
    writeFileSync(secrets(), 'photos__KEY = "k"\n', { mode: 0o600 })

    const saved = await demolish.removeState({ dataDir, at })

    expect(saved).toBe(join(dataDir, '.trash/secrets-20261121T030012Z.toml'))
    expect(readFileSync(saved ?? '', 'utf8')).toBe('photos__KEY = "k"\n')
    expect(statSync(saved ?? '').mode & 0o777).toBe(0o600)
    expect(readdirSync(instance)).toEqual([])
  })

  it('keeps no secrets where none are wanted, or nothing is in the trash', async () => {
    writeFileSync(secrets(), 'photos__KEY = "k"\n')
    expect(await demolish.removeState(null)).toBeNull()

    mkdirSync(join(instance, '.stack'))
    writeFileSync(secrets(), 'photos__KEY = "k"\n')
    rmSync(join(dataDir, '.trash'), { recursive: true })
    expect(await demolish.removeState({ dataDir, at })).toBeNull()
    expect(readdirSync(instance)).toEqual([])
  })

  it('follows no link out of the instance', async () => {
    rmSync(join(instance, '.stack'), { recursive: true })
    mkdirSync(join(home, 'outside'))
    symlinkSync(join(home, 'outside'), join(instance, '.stack'))

    await expect(demolish.removeState(null)).rejects.toMatchObject({ code: 'STACK_FILES_FAILED' })
    expect(existsSync(join(home, 'outside'))).toBe(true)
  })
})
