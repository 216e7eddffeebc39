import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { hostLock } from '../../../reconciler/adapters/lock/host-lock.ts'
import { holdFileLock } from '../../../reconciler/adapters/process/file-lock.ts'
import { promisesOfHostLock } from '../../contracts/host-lock.ts'

const { signal } = new AbortController()
const atOnce = { waitMs: 0, onWait: () => {} }
let instance: string
let path: string

beforeEach(() => {
  instance = mkdtempSync(join(tmpdir(), 'host-lock-'))
  path = join(instance, '.stack/lock')
})
afterEach(() => rmSync(instance, { recursive: true, force: true }))

promisesOfHostLock(() => [hostLock({ instance, file: 'lock' }), hostLock({ instance, file: 'lock' })])

/** What the second one is told while somebody holds the lock who wrote this about himself. */
async function toldWhenHeldBy(owner: string) {
  mkdirSync(join(instance, '.stack'), { recursive: true })
  const lock = await holdFileLock({ path, wait: 'no', owner })
  const error = await hostLock({ instance, file: 'lock' })
    .take(atOnce, signal)
    .catch((thrown) => thrown)
  if ('release' in lock) await lock.release()
  return error
}

describe('hostLock', () => {
  it('makes .stack where there is none, for its owner alone', async () => {
    await (await hostLock({ instance, file: 'lock' }).take(atOnce, signal)).release()

    expect(existsSync(path)).toBe(true)
    expect((statSync(join(instance, '.stack')).mode & 0o777).toString(8)).toBe('700')
  })

  it('writes who holds it only when told to, and takes it out again', async () => {
    const held = await hostLock({ instance, file: 'lock' }).take(atOnce, signal)
    expect(readFileSync(path, 'utf8')).toBe('')

    await held.announce('push')
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid, why: 'push', host: hostname() })

    await held.release()
    expect(readFileSync(path, 'utf8')).toBe('')
  })

  it('says who holds it, why, since when, and what to do', async () => {
    const today = new Date().toISOString().slice(0, 10)
    const owner = { pid: 123, since: `${today}T03:00:12.345Z`, why: 'stack reconcile', host: hostname() }

    expect(await toldWhenHeldBy(JSON.stringify(owner))).toMatchObject({
      code: 'STACK_LOCKED',
      message: `${instance} is held by pid 123 (stack reconcile) since 03:00:12Z`,
      hint: 'wait until it has ended, or end it: kill 123',
    })
  })

  it('says the day when it was another one, and the host when it is another one', async () => {
    const owner = { pid: 1, since: '2020-01-02T03:00:12.345Z', why: 'daemon', host: 'atlas' }

    expect((await toldWhenHeldBy(JSON.stringify(owner))).message).toBe(
      `${instance} is held by pid 1 (daemon) since 2020-01-02 03:00:12Z on atlas`,
    )
  })

  it.each(['', 'nonsense', 'null'])('knows nobody when the holder wrote %j', async (owner) => {
    expect((await toldWhenHeldBy(owner)).message).toBe(`${instance} is held by another process`)
  })

  it('names the file that cannot be locked', async () => {
    writeFileSync(join(instance, '.stack'), '')

    await expect(hostLock({ instance, file: 'lock' }).take(atOnce, signal)).rejects.toMatchObject({
      code: 'STACK_FILES_FAILED',
      message: expect.stringContaining(path),
    })
  })
})
