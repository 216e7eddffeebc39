import { execFile } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect, promisify } from 'node:util'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { holdFileLock } from '../../../reconciler/adapters/process/file-lock.ts'
import { randomSecret } from '../../../reconciler/adapters/secrets/random-secret.ts'
import { readSecrets, writeSecrets } from '../../../reconciler/adapters/secrets/secret-text.ts'
import { tomlSecretStore } from '../../../reconciler/adapters/secrets/toml-secret-store.ts'
import { Secret } from '../../../reconciler/model/secret.ts'
import type { SecretStore } from '../../../reconciler/ports/secret-store.ts'
import { promisesOfSecretStore } from '../../contracts/secret-store.ts'
import { compile } from './compile.ts'

const { signal } = new AbortController()
let instance: string
let path: string
let store: SecretStore

beforeEach(() => {
  instance = mkdtempSync(join(tmpdir(), 'secret-store-'))
  path = join(instance, '.stack/secrets.toml')
  store = tomlSecretStore({ instance })
})
afterEach(() => rmSync(instance, { recursive: true, force: true }))

const modeOf = (name: string) => (statSync(name).mode & 0o777).toString(8)
const put = (text: string) => {
  mkdirSync(join(instance, '.stack'), { recursive: true })
  writeFileSync(path, text)
}

promisesOfSecretStore(() => store)

describe('the file', () => {
  it('is flat, sorted, and for its owner alone, as is its folder', async () => {
    await store.set('photos__B', new Secret('2'), signal)
    await store.set('global__A', new Secret('1'), signal)

    expect(readFileSync(path, 'utf8')).toBe('global__A = "1"\nphotos__B = "2"\n')
    expect([modeOf(path), modeOf(join(instance, '.stack'))]).toEqual(['600', '700'])
    expect(readdirSync(join(instance, '.stack')).sort()).toEqual(['secrets.lock', 'secrets.toml'])
  })

  it('is closed to others by the next write', async () => {
    put('photos__A = "1"\n')
    chmodSync(path, 0o644)

    await store.set('photos__B', new Secret('2'), signal)

    expect(modeOf(path)).toBe('600')
  })

  it('is not written when there is nothing to make or remove', async () => {
    await store.ensure([], signal)
    await store.remove(['photos__A'], signal)

    expect(existsSync(join(instance, '.stack'))).toBe(false)
  })

  it('keeps entries that somebody else wrote, whatever their names', async () => {
    put('"odd name" = "x"\n__proto__ = "y"\n')

    await store.set('photos__A', new Secret('1'), signal)

    expect(readSecrets(readFileSync(path, 'utf8'))).toEqual(
      new Map([
        ['__proto__', 'y'],
        ['odd name', 'x'],
        ['photos__A', '1'],
      ]),
    )
  })

  it('gives every text back exactly', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string({ unit: 'binary' })), (values) => {
        const secrets = new Map(Object.entries(values))

        expect(readSecrets(writeSecrets(secrets))).toEqual(secrets)
      }),
    )
  })
})

describe('a file that cannot be read', () => {
  it.each([
    ['', 0, 0],
    ['\0\0\0\0', 1, 1],
    ['photos__A = "hunter2hunter2', 1, 13],
    ['photos__A = "1"\nphotos__B = hunter2hunter2\n', 2, 13],
    ['photos__A = "1"\nphotos__A = "hunter2hunter2"\n', 2, 1],
    ['photos__A = "1"\n  photos__B = 42\n', 2, 3],
    ['photos__A = "1"\n[photos]\nA = "hunter2hunter2"\n', 2, 1],
    ['photos__A = "1"\nphotos.A = "hunter2hunter2"\n', 2, 1],
  ])('is left as it is, and complained about by its place: %j', async (text, line, column) => {
    put(text)
    const wanted = [{ name: 'photos__C', shape: 'service' }] as const
    const attempts = [
      () => store.read(),
      () => store.ensure(wanted, signal),
      () => store.set('photos__C', new Secret('x'), signal),
      () => store.remove(['photos__A'], signal),
    ]

    for (const attempt of attempts) {
      const error = await attempt().catch((thrown) => thrown)
      expect(error).toMatchObject({
        code: 'STACK_SECRETS_BROKEN',
        at: { file: '.stack/secrets.toml', line, column },
        terminal: true,
      })
      expect(inspect(error, { depth: 9 }) + error.message).not.toContain('hunter2')
    }
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it('is named with what helps when it is a directory', async () => {
    mkdirSync(path, { recursive: true })

    await expect(store.read()).rejects.toMatchObject({
      code: 'STACK_FILES_FAILED',
      message: expect.stringContaining(path),
    })
  })
})

describe('many at once', () => {
  it('loses nothing of 30 processes, and makes what all of them want once', async () => {
    put('global__ADMIN_PASSWORD = "kept"\n')
    const program = fileURLToPath(new URL('./secret-writer.ts', import.meta.url))
    const argv = [compile(program, instance), instance]

    const numbers = Array.from({ length: 30 }, (_, number) => `${number}`)
    const said = await Promise.all(numbers.map((number) => promisify(execFile)(process.execPath, [...argv, number])))

    const secrets = await store.read()
    expect(secrets['global__ADMIN_PASSWORD']?.reveal()).toBe('kept')
    expect(Object.keys(secrets).length).toBe(62)
    for (const number of numbers) expect(secrets[`s${number}__B`]?.reveal()).toBe(`b${number}`)
    expect(new Set(said.map(({ stdout }) => stdout))).toEqual(new Set([secrets['shared__ONCE']?.reveal()]))
  }, 60_000)

  it('loses nothing of many calls in one process', async () => {
    const names = Array.from({ length: 20 }, (_, number) => `s${number}__X`)

    await Promise.all(names.map((name) => store.set(name, new Secret(name), signal)))

    expect(Object.keys(await store.read()).sort()).toEqual([...names].sort())
  })

  it('rejects with the reason when cancelled while another process writes', async () => {
    put('\n')
    const lock = await holdFileLock({ path: join(instance, '.stack/secrets.lock'), wait: 'no' })
    const cancel = new AbortController()
    setTimeout(() => cancel.abort(new Error('enough')), 50)

    await expect(store.set('photos__A', new Secret('1'), cancel.signal)).rejects.toThrow('enough')
    if ('release' in lock) await lock.release()
    expect(await store.read()).toEqual({})
  })
})

describe('a store without secrets', () => {
  it('reads as one when the last secret was removed: no file is ever empty', async () => {
    await store.set('photos__A', new Secret('1'), signal)
    await store.remove(['photos__A'], signal)

    expect(await store.read()).toEqual({})
    expect(readFileSync(path, 'utf8')).toBe('\n')
  })
})

describe('randomSecret', () => {
  it.each([
    ['service', 62],
    ['typed', 36],
  ] as const)('uses every character of a %s secret about equally often', (shape, alphabet) => {
    const counts = new Map<string, number>()
    const text = Array.from({ length: 3000 }, () => randomSecret(shape)).join('')
    for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)

    const expected = text.length / alphabet
    expect(counts.size).toBe(alphabet)
    for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(expected * 0.3)
  })
})
