import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileGoodVersions } from '../../../reconciler/adapters/good/file-good-versions.ts'
import type { Digest, StackletId } from '../../../reconciler/model/names.ts'
import type { GoodVersion } from '../../../reconciler/ports/good-versions.ts'
import { promisesOfGoodVersions, versionWith } from '../../contracts/good-versions.ts'

const a = 'a' as StackletId
let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'stackloop-good-'))
})
afterEach(() => rm(root, { recursive: true }))

const make = () => fileGoodVersions({ instance: root, root })
promisesOfGoodVersions(make)

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
}

/** A version whose directory has these files, mounted as they are said. */
async function saved(files: Readonly<Record<string, string>>, mounts: readonly string[]): Promise<GoodVersion> {
  for (const [path, text] of Object.entries(files)) await write(`stacklets/a/${path}`, text)
  const volumes = mounts.map((path) => ({ type: 'bind', source: join(root, path), target: '/x' }))
  const version = versionWith('s', JSON.stringify({ services: { web: { volumes } } }))
  const digests = Object.fromEntries(Object.keys(files).map((path) => [path, 'd' as Digest]))
  const { wanted } = version
  const whole = { ...version, wanted: { ...wanted, stacklet: { ...wanted.stacklet, files: digests } } }
  await make().save(whole)
  return whole
}

async function sources(): Promise<readonly string[]> {
  const document = JSON.parse((await make().read(a))?.document?.reveal() ?? '{}')
  return document.services.web.volumes.map((one: { source: string }) => one.source.replace(`${root}/`, ''))
}

describe('the copy of a version', () => {
  it('is for our eyes only, and whole: nothing staged is left', async () => {
    await saved({ 'hooks/on_start.sh': 'echo one' }, [])

    expect((await stat(join(root, '.stack/good/a/version.json'))).mode & 0o777).toBe(0o600)
    expect(await readdir(join(root, '.stack/good'))).toEqual(['a'])
    const directory = (await make().read(a))?.directory ?? ''
    expect(await readFile(join(directory, 'hooks/on_start.sh'), 'utf8')).toBe('echo one')
  })

  it('is mounted where git has changed a file, and only there', async () => {
    await saved({ 'one.conf': 'one', 'two.conf': 'two' }, ['stacklets/a/one.conf', 'stacklets/a/two.conf'])
    await write('stacklets/a/one.conf', 'changed')

    expect(await sources()).toEqual(['.stack/good/a/root/stacklets/a/one.conf', 'stacklets/a/two.conf'])
  })

  it('is mounted where a file or a folder is gone', async () => {
    await saved({ 'conf/one.conf': 'one' }, ['stacklets/a/conf'])
    await rm(join(root, 'stacklets/a/conf'), { recursive: true })

    expect(await sources()).toEqual(['.stack/good/a/root/stacklets/a/conf'])
  })

  it('is not mounted in place of a folder in which other files lie, too', async () => {
    await saved({ 'conf/one.conf': 'one' }, ['stacklets/a/conf', 'stacklets/a'])
    await write('stacklets/a/conf/one.conf', 'changed')
    await write('stacklets/a/conf/state.db', 'somebody needs this')

    expect(await sources()).toEqual(['stacklets/a/conf', 'stacklets/a'])
  })

  it('is not made again for a commit that says the same', async () => {
    const version = await saved({ 'one.conf': 'one' }, [])
    const before = (await stat(join(root, '.stack/good/a/version.json'))).ino

    await make().save({ ...version, revision: 'c0ffee10'.repeat(5) as GoodVersion['revision'] })

    expect((await stat(join(root, '.stack/good/a/version.json'))).ino).toBe(before)
  })

  it.each([
    ['torn', (text: string) => text.slice(0, 50)],
    ['of another version of this program', (text: string) => text.replace('"format":2', '"format":99')],
    ['of another stacklet', (text: string) => text.replace('"id":"a"', '"id":"b"').replace('"id":"a"', '"id":"b"')],
  ])('counts as none when it is %s', async (_, spoil) => {
    await saved({}, [])
    const path = join(root, '.stack/good/a/version.json')
    await writeFile(path, spoil(await readFile(path, 'utf8')))

    expect(await make().read(a)).toBeNull()
  })
})
