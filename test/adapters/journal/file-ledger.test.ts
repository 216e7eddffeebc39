import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { fileLedger } from '../../../reconciler/adapters/journal/file-ledger.ts'
import type { Ledger } from '../../../reconciler/ports/ledger.ts'
import { ledgerEntry, promisesOfLedger } from '../../contracts/ledger.ts'

let instance: string
let folder: string
let ledger: Ledger

beforeEach(() => {
  instance = mkdtempSync(join(tmpdir(), 'file-ledger-'))
  folder = join(instance, '.stack/ledger')
  ledger = fileLedger({ instance })
})
afterEach(() => rmSync(instance, { recursive: true, force: true }))

promisesOfLedger(() => ledger)

describe('the files', () => {
  it('are one a stacklet, for their owner alone', async () => {
    await ledger.write(ledgerEntry('photos'))

    expect(JSON.parse(readFileSync(join(folder, 'photos.json'), 'utf8'))).toEqual(ledgerEntry('photos'))
    expect((statSync(join(folder, 'photos.json')).mode & 0o777).toString(8)).toBe('600')
  })

  it.each([
    ['torn', '{"format": 1, "id": "pho'],
    ['empty', ''],
    ['of another format', JSON.stringify({ ...ledgerEntry('photos'), format: 3 })],
    ["another stacklet's", JSON.stringify(ledgerEntry('core'))],
    ['without a field', JSON.stringify({ ...ledgerEntry('photos'), containers: undefined })],
    ['of another shape', JSON.stringify({ ...ledgerEntry('photos'), containers: { web: { Image: 1 } } })],
  ])('count as absent and are named when one is %s', async (_, text) => {
    await ledger.write(ledgerEntry('other'))
    writeFileSync(join(folder, 'photos.json'), text)

    const { entries, broken } = await ledger.read()

    expect(Object.keys(entries)).toEqual(['other'])
    expect(broken).toEqual(['photos'])
  })

  it('leave out what is not a stacklet, such as the rest of a killed write', async () => {
    mkdirSync(folder, { recursive: true })
    for (const name of ['photos.json.1234567', '.hidden.json', 'notes']) writeFileSync(join(folder, name), '{')

    expect(await ledger.read()).toEqual({ entries: {}, broken: [] })
  })

  it('are named with what helps when one cannot be written', async () => {
    mkdirSync(join(instance, '.stack'))
    writeFileSync(folder, '')

    await expect(ledger.write(ledgerEntry('photos'))).rejects.toMatchObject({
      code: 'STACK_FILES_FAILED',
      message: expect.stringContaining(join(folder, 'photos.json')),
    })
  })
})
