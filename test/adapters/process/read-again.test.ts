import { link, mkdtemp, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { readAgain } from '../../../reconciler/adapters/process/read-again.ts'

/** Several ticks of the kernel's clock, and short enough for a test to see what is kept. */
const settledMs = 30
const names = ['one', 'two', 'three'] as const

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stack-read-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type Change = (path: string, text: string, other: string) => Promise<unknown>

/** Everything that happens to a file under a cache, with texts of one length: neither size nor mtime tells of it. */
const changes: Readonly<Record<string, Change>> = {
  'written in place': (path, text) => writeFile(path, text),
  'replaced, with the time of the former': async (path, text) => {
    await writeFile(`${path}.new`, text)
    await utimes(`${path}.new`, 1_000_000, 1_000_000)
    await rename(`${path}.new`, path)
  },
  'written, and its time set back': async (path, text) => {
    await writeFile(path, text)
    await utimes(path, 1_000_000, 1_000_000)
  },
  'removed and made anew': async (path, text) => {
    await rm(path, { force: true })
    await writeFile(path, text)
  },
  'made a link to another': async (path, _text, other) => {
    await rm(path, { force: true })
    await symlink(other, path)
  },
  'made the same file as another': async (path, _text, other) => {
    if (path === other) return
    await rm(path, { force: true })
    await link(other, path).catch(() => writeFile(path, 'same'))
  },
  removed: (path) => rm(path, { force: true }),
  'left alone for a while': () => sleep(settledMs + 20),
}

const step = fc.record({
  change: fc.constantFrom(...Object.keys(changes)),
  name: fc.constantFrom(...names),
  other: fc.constantFrom(...names),
  text: fc.constantFrom('aaaa', 'bbbb', 'cccc'),
})

const at = (name: string): string => join(folder, name)

/** Null for what is not there, or cannot be read. */
async function all(read: (path: string) => Promise<string>): Promise<readonly (string | null)[]> {
  return Promise.all(names.map((name) => read(at(name)).catch(() => null)))
}

describe('a file that is read again', () => {
  it('is what it is now, whatever happened to it since', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const read = readAgain((bytes) => bytes.toString(), settledMs)
        for (const name of names) await rm(at(name), { force: true })
        for (const { change, name, other, text } of steps) {
          await changes[change]?.(at(name), text, at(other)).catch(() => {})
          expect(await all(read)).toEqual(await all((path) => readFile(path, 'utf8')))
        }
      }),
      { numRuns: Number(process.env['STACK_RUNS'] ?? 40) },
    )
  })

  it('is made sense of once, when it was left alone', async () => {
    const made: string[] = []
    const read = readAgain((bytes) => made.push(bytes.toString()), 0)
    const path = join(folder, 'still')
    await writeFile(path, 'aaaa')
    await utimes(path, 1_000_000, 1_000_000)
    await sleep(20)

    await read(path)
    await read(path)
    await read(path)

    expect(made).toEqual(['aaaa'])
  })
})
