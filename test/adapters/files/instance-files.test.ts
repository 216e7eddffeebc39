import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { instanceFiles } from '../../../reconciler/adapters/files/instance-files.ts'
import type { StackletId } from '../../../reconciler/model/names.ts'
import { Secret } from '../../../reconciler/model/secret.ts'
import type { InstanceFiles, OwnFile } from '../../../reconciler/ports/instance-files.ts'
import { promisesOfInstanceFiles } from '../../contracts/instance-files.ts'

const photos = 'photos' as StackletId
const at = new Date('2026-11-21T03:00:12Z')
let home: string
let instance: string
let dataDir: string
let outside: string
let files: InstanceFiles

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'instance-files-'))
  instance = join(home, 'instance')
  dataDir = join(home, 'data')
  outside = join(home, 'outside')
  for (const folder of [instance, dataDir, outside]) mkdirSync(folder)
  files = instanceFiles({ instance, root: instance })
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const fileOf: Record<OwnFile, string> = {
  env: 'stacklets/photos/.env',
  marker: '.stack/photos.setup-done',
  progress: '.stack/photos.setup-progress',
  services: '.stack/photos.services',
  hook: '.stack/photos.hook',
  document: '.stack/compose/photos.yml',
}
const ownFiles = Object.keys(fileOf) as OwnFile[]
const pathOf = (file: OwnFile) => join(instance, fileOf[file])
const write = (file: OwnFile, text: string) => files.write(file, photos, new Secret(text))
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

promisesOfInstanceFiles(() => ({ files, dataDir, addData: (id) => mkdirSync(join(dataDir, id)) }))

describe('writing', () => {
  it.each(ownFiles)('puts %s in its place, for its owner alone, and leaves nothing else behind', async (file) => {
    await write(file, 'text\n')

    expect(readFileSync(pathOf(file), 'utf8')).toBe('text\n')
    expect(modeOf(pathOf(file))).toBe('600')
    expect(modeOf(join(instance, '.stack'))).toBe('700')
    expect(readdirSync(join(instance, '.stack/staged'))).toEqual([])
  })

  it('removes what a process left there that was killed while it wrote', async () => {
    mkdirSync(join(instance, '.stack/staged'), { recursive: true })
    writeFileSync(join(instance, '.stack/staged/d7375814-c5d2-419e-a8bd-2d2c8ac734c2'), 'half')

    await Promise.all([write('env', 'one'), write('marker', 'two')])

    expect(readFileSync(pathOf('env'), 'utf8')).toBe('one')
    expect(readdirSync(join(instance, '.stack/staged'))).toEqual([])
  })

  it('does not write equal content again', async () => {
    await write('env', 'same')
    utimesSync(pathOf('env'), 1000, 1000)

    await write('env', 'same')
    expect(statSync(pathOf('env')).mtimeMs).toBe(1_000_000)

    await write('env', 'other')
    expect(statSync(pathOf('env')).mtimeMs).toBeGreaterThan(1_000_000)
  })

  it('takes the permission of others away even where the content is equal', async () => {
    await write('env', 'same')
    chmodSync(pathOf('env'), 0o644)

    await write('env', 'same')

    expect(modeOf(pathOf('env'))).toBe('600')
  })

  it('shows no half-written file to a reader, and leaves one of the texts when many write at once', async () => {
    const texts = Array.from({ length: 20 }, (_, n) => `${n}`.repeat(50_000))
    const seen = new Set<string>()
    await write('env', texts[0]!)

    const writing = Promise.all(texts.map((text) => write('env', text)))
    for (let n = 0; n < 50; n++) {
      seen.add(readFileSync(pathOf('env'), 'utf8'))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await writing

    for (const text of seen) expect(texts).toContain(text)
    expect(readdirSync(join(instance, 'stacklets/photos'))).toEqual(['.env'])
  })

  it('keeps .env in the instance where the stacklets come from elsewhere', async () => {
    const root = join(home, 'root')
    files = instanceFiles({ instance, root })

    await write('env', '')

    expect(existsSync(pathOf('env'))).toBe(true)
    expect(await files.paths(photos)).toEqual({ directory: join(root, 'stacklets/photos'), document: null })
  })
})

describe('links', () => {
  it.each([
    ['the stacklet', 'stacklets/photos'],
    ['stacklets/', 'stacklets'],
  ])('does not write through %s when it leads out of the instance', async (_, link) => {
    mkdirSync(join(instance, 'stacklets'))
    if (link === 'stacklets') rmSync(join(instance, link), { recursive: true })
    symlinkSync(outside, join(instance, link))

    await expect(write('env', 'A="secret"')).rejects.toMatchObject({
      code: 'STACK_FILES_FAILED',
      message: expect.stringContaining(outside),
      hint: expect.stringContaining(link),
    })
    expect(readdirSync(outside)).toEqual([])
  })

  it('does not remove what lies behind a link that leads out of the instance', async () => {
    mkdirSync(join(outside, 'photos'))
    writeFileSync(join(outside, 'photos/.env'), 'mine')
    symlinkSync(outside, join(instance, 'stacklets'))

    await expect(files.remove('env', photos)).rejects.toMatchObject({ code: 'STACK_FILES_FAILED' })
    expect(readFileSync(join(outside, 'photos/.env'), 'utf8')).toBe('mine')
  })

  it('does not write to an .env that leads out of the instance, and does not read it either', async () => {
    writeFileSync(join(outside, 'precious'), 'mine')
    mkdirSync(join(instance, 'stacklets/photos'), { recursive: true })
    symlinkSync(join(outside, 'precious'), pathOf('env'))

    await expect(write('env', 'A="secret"')).rejects.toMatchObject({ code: 'STACK_FILES_FAILED', terminal: true })
    expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('mine')
    expect((await files.look([photos], dataDir))['photos']?.env).toBeNull()
  })

  it('replaces a link that stays in the instance, and leaves what it led to alone', async () => {
    mkdirSync(join(instance, '.stack'))
    mkdirSync(join(instance, 'stacklets/photos'), { recursive: true })
    writeFileSync(join(instance, '.stack/secrets.toml'), 'A = "1"')
    symlinkSync('../../.stack/secrets.toml', pathOf('env'))

    await write('env', 'A="1"')

    expect(lstatSync(pathOf('env')).isFile()).toBe(true)
    expect(readFileSync(join(instance, '.stack/secrets.toml'), 'utf8')).toBe('A = "1"')
  })
})

describe('trash', () => {
  it('moves everything, as it is, in one rename', async () => {
    mkdirSync(join(dataDir, 'photos/library'), { recursive: true })
    writeFileSync(join(dataDir, 'photos/library/1.jpg'), 'x')
    const { ino } = statSync(join(dataDir, 'photos'))

    const path = await files.trash(photos, dataDir, at)

    expect(path).toBe(join(dataDir, '.trash/photos-20261121T030012Z'))
    expect(statSync(path!).ino).toBe(ino)
    expect(readFileSync(join(path!, 'library/1.jpg'), 'utf8')).toBe('x')
    expect(existsSync(join(dataDir, 'photos'))).toBe(false)
  })

  it('moves no link, wherever it leads', async () => {
    writeFileSync(join(outside, 'precious'), 'mine')
    symlinkSync(outside, join(dataDir, 'photos'))

    await expect(files.trash(photos, dataDir, at)).rejects.toMatchObject({ code: 'STACK_FILES_FAILED', terminal: true })
    expect(readFileSync(join(dataDir, 'photos/precious'), 'utf8')).toBe('mine')
  })

  it('does not move data out of the data folder over a linked trash', async () => {
    mkdirSync(join(dataDir, 'photos'))
    symlinkSync(outside, join(dataDir, '.trash'))

    await expect(files.trash(photos, dataDir, at)).rejects.toMatchObject({ code: 'STACK_FILES_FAILED' })
    expect(existsSync(join(dataDir, 'photos'))).toBe(true)
  })

  it('works where the data folder itself is a link', async () => {
    mkdirSync(join(outside, 'photos'))
    symlinkSync(outside, join(home, 'linked'))
    dataDir = join(home, 'linked')

    expect(await files.trash(photos, dataDir, at)).toBe(join(home, 'linked/.trash/photos-20261121T030012Z'))
  })

  it('finds nothing where there is no data folder at all', async () => {
    dataDir = join(home, 'missing')

    expect(await files.trash(photos, dataDir, at)).toBeNull()
    expect(existsSync(join(home, 'missing'))).toBe(false)
  })
})

describe('trouble', () => {
  it.each(['..', '.', 'a/b', '', '.trash'])('takes %j for no stacklet', async (id) => {
    const bad = id as StackletId

    for (const attempt of [
      files.write('env', bad, new Secret('')),
      files.remove('env', bad),
      files.trash(bad, dataDir, at),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: 'STACK_FILES_FAILED' })
    }
    await expect(files.look([bad], dataDir)).rejects.toMatchObject({ code: 'STACK_FILES_FAILED' })
  })

  it('names the path and what helps when something is in the way', async () => {
    mkdirSync(pathOf('env'), { recursive: true })

    await expect(write('env', 'x')).rejects.toMatchObject({
      code: 'STACK_FILES_FAILED',
      message: `cannot write ${pathOf('env')}: a directory is in its place`,
      hint: `move ${pathOf('env')} away`,
    })
    expect(readdirSync(join(instance, '.stack/staged'))).toEqual([])
  })

  it('says so when the instance is gone', async () => {
    rmSync(instance, { recursive: true })

    await expect(write('marker', 'x')).rejects.toMatchObject({
      code: 'STACK_FILES_FAILED',
      message: `cannot write ${pathOf('marker')}: it is not there`,
    })
  })

  it('never puts a secret into an error', async () => {
    writeFileSync(join(instance, '.stack'), '')

    const error = await write('env', 'A="hunter2hunter2"').catch((thrown) => thrown)

    expect(error.code).toBe('STACK_FILES_FAILED')
    expect(JSON.stringify([error, error.message, error.stack, String(error.cause)])).not.toContain('hunter2')
  })
})
