import {
  appendFileSync,
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
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { fileRunRecords } from '../../../reconciler/adapters/journal/run-records.ts'
import type { RunRecords } from '../../../reconciler/ports/run-records.ts'
import { note, promisesOfRunRecords, stepFinished } from '../../contracts/run-records.ts'

const at = '2026-11-21T03:00:12Z'
let instance: string
let month: string
let records: RunRecords

beforeEach(() => {
  instance = mkdtempSync(join(tmpdir(), 'run-records-'))
  month = join(instance, '.stack/journal/2026-11.jsonl')
  records = fileRunRecords({ instance })
})
afterEach(() => rmSync(instance, { recursive: true, force: true }))

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

promisesOfRunRecords(() => records)

describe('the journal', () => {
  it('is a file a month, a line an event, for its owner alone', async () => {
    await records.append(stepFinished('one', at))
    await records.append(stepFinished('two', at))
    await records.append(stepFinished('three', '2026-12-01T00:00:00Z'))

    expect(readdirSync(join(instance, '.stack/journal')).sort()).toEqual(['2026-11.jsonl', '2026-12.jsonl'])
    expect(
      readFileSync(month, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).step),
    ).toEqual(['one', 'two'])
    expect([modeOf(month), modeOf(join(instance, '.stack'))]).toEqual(['600', '700'])
  })

  it('loses only the line that a crash tore, and none of the later ones', async () => {
    await records.append(stepFinished('one', at))
    appendFileSync(month, '{"kind":"step-fin')
    expect((await records.events()).length).toBe(1)

    await records.append(stepFinished('two', at))

    expect((await records.events()).map((event) => 'step' in event && event.step)).toEqual(['one', 'two'])
  })

  it('leaves out lines that are no events, and files that are no months', async () => {
    await records.append(stepFinished('one', at))
    appendFileSync(month, 'null\n[]\n"x"\n{}\n\n{"kind":"of a later version","run":"r","at":"x"}\n')
    writeFileSync(join(instance, '.stack/journal/notes.txt'), JSON.stringify(stepFinished('no', at)))

    expect((await records.events()).length).toBe(1)
  })

  it('goes on after a failed append', async () => {
    mkdirSync(month, { recursive: true })
    await expect(records.append(stepFinished('one', at))).rejects.toMatchObject({
      code: 'STACK_FILES_FAILED',
      message: expect.stringContaining(month),
    })
    rmSync(month, { recursive: true })

    await records.append(stepFinished('two', at))

    expect((await records.events()).length).toBe(1)
  })
})

describe('the note of the last run', () => {
  it('is whole, and for its owner alone', async () => {
    await records.writeLastRun(note)

    expect(JSON.parse(readFileSync(join(instance, '.stack/last-run'), 'utf8'))).toEqual(note)
    expect(modeOf(join(instance, '.stack/last-run'))).toBe('600')
    expect(readdirSync(join(instance, '.stack'))).toEqual(['last-run'])
  })

  it.each(['', '{"run"', 'null', '{}', '42'])('counts as missing when it holds %j', async (text) => {
    mkdirSync(join(instance, '.stack'))
    writeFileSync(join(instance, '.stack/last-run'), text)

    expect(await records.readLastRun()).toBeNull()
  })
})
