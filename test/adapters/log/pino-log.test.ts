import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { pinoLog } from '../../../reconciler/adapters/log/pino-log.ts'
import { Secret } from '../../../reconciler/model/secret.ts'

let folder: string
let fd: number

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pino-log-'))
  fd = openSync(join(folder, 'log'), 'w')
})
afterEach(() => {
  closeSync(fd)
  rmSync(folder, { recursive: true })
})

const text = () => readFileSync(join(folder, 'log'), 'utf8')
const lines = () =>
  text()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('pinoLog', () => {
  it.each([undefined, ''])('is silent without a level: %j', async (level) => {
    const log = await pinoLog({ level, fd })

    log.warn('anything')

    expect(text()).toBe('')
  })

  it('writes a line of JSON for each message at once, with its fields', async () => {
    const log = await pinoLog({ level: 'debug', fd })

    log.debug('looked', { containers: 3 })
    log.warn('cannot look')

    expect(lines()).toMatchObject([
      { level: 20, msg: 'looked', containers: 3 },
      { level: 40, msg: 'cannot look' },
    ])
  })

  it('leaves out what is below the level', async () => {
    const log = await pinoLog({ level: 'warn', fd })

    log.debug('no')
    log.info('no')
    log.warn('yes')

    expect(lines()).toMatchObject([{ msg: 'yes' }])
  })

  it('refuses a level it does not know', async () => {
    await expect(pinoLog({ level: 'loud', fd })).rejects.toMatchObject({
      code: 'STACK_USAGE',
      hint: expect.stringContaining('trace, debug, info, warn, error'),
    })
  })

  it('shows no secret, however deep, and none that it is told to take out', async () => {
    const scrub = (line: string) => line.replaceAll('hunter2', '***')
    const log = await pinoLog({ level: 'info', fd, scrub })

    log.info('said hunter2', { password: new Secret('pa55'), deep: [{ er: new Secret('pa55') }], line: 'x hunter2 y' })

    expect(text()).not.toMatch(/hunter2|pa55/)
    expect(lines()).toMatchObject([{ msg: 'said ***', password: '***', deep: [{ er: '***' }], line: 'x *** y' }])
  })
})
