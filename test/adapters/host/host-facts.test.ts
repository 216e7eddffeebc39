import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { hostFacts } from '../../../reconciler/adapters/host/host-facts.ts'
import { promisesOfHost } from '../../contracts/host.ts'

let instance: string

beforeEach(() => {
  instance = mkdtempSync(join(tmpdir(), 'host-facts-'))
})
afterEach(() => rmSync(instance, { recursive: true, force: true }))

const hostWith = (env: Record<string, string> = {}) => hostFacts({ instance, env })
const stateFile = (name: string) => join(instance, '.stack', name)
const put = (name: string, text: string) => {
  mkdirSync(join(instance, '.stack'), { recursive: true })
  writeFileSync(stateFile(name), text)
}

promisesOfHost(() => hostWith())

describe('the name', () => {
  it('is STACK_HOST, else what the first run wrote down, else what is configured, else the short host name', async () => {
    expect((await hostWith().facts(null)).name).toBe(hostname().split('.')[0])
    expect((await hostWith({ STACK_HOST: '' }).facts('configured')).name).toBe('configured')
    expect((await hostWith({ STACK_HOST: 'asked' }).facts('configured')).name).toBe('asked')
    put('host', 'kept\n')
    expect((await hostWith().facts(null)).name).toBe('kept')
  })

  it('is STACK_HOST even where stack.toml, shared between hosts, says another', async () => {
    put('host', 'asked\n')

    expect((await hostWith({ STACK_HOST: 'asked' }).facts('configured')).name).toBe('asked')
  })

  it('does not change silently', async () => {
    put('host', 'atlas\n')

    await expect(hostWith({ STACK_HOST: 'zeus' }).facts('atlas')).rejects.toMatchObject({
      code: 'STACK_HOST_CHANGED',
      message: expect.stringMatching(/atlas.*zeus/),
      hint: expect.stringContaining('STACK_HOST'),
    })
  })

  it.each(['../etc/passwd', 'a b', '.hidden', 'a/b'])('is never %j, which could not be a file name', async (name) => {
    await expect(hostWith({ STACK_HOST: name }).facts(null)).rejects.toMatchObject({ code: 'STACK_USAGE' })
    await expect(hostWith().facts(name)).rejects.toMatchObject({ code: 'STACK_USAGE' })
  })
})

describe('the address', () => {
  it('is one of this machine, or localhost', async () => {
    const { address } = await hostWith().facts(null)

    expect(address === 'localhost' || isIP(address) === 4).toBe(true)
    expect(address).not.toBe('0.0.0.0')
  })

  it('is the one that was kept, whatever it would be now', async () => {
    put('address', '192.168.1.5\n')

    expect((await hostWith().facts(null)).address).toBe('192.168.1.5')
  })

  const unshare = 'unshare'
  const canUnshare = spawnSync(unshare, ['-n', 'true']).status === 0
  it.runIf(canUnshare)('is localhost on a machine without a network', () => {
    const module = pathToFileURL(join(import.meta.dirname, '../../../reconciler/adapters/host/host-facts.ts')).href
    const program = `const { hostFacts } = await import(${JSON.stringify(module)})
      console.log((await hostFacts({ instance: '/nowhere', env: {} }).facts(null)).address)`
    const argv = ['-n', process.execPath, '--import', import.meta.resolve('tsx'), '--input-type=module', '-e', program]

    expect(execFileSync(unshare, argv, { encoding: 'utf8' })).toBe('localhost\n')
  })
})

describe('what is kept', () => {
  it('is a random id, the name and the address, each in a file of its own that is written once', async () => {
    const host = hostWith({ STACK_HOST: 'atlas' })
    const kept = await host.keep(await host.facts(null))

    expect(kept.instance).toMatch(/^[0-9a-f]{16}$/)
    expect(readdirSync(join(instance, '.stack')).sort()).toEqual(['address', 'host', 'instance-id'])
    expect(readFileSync(stateFile('instance-id'), 'utf8')).toBe(`${kept.instance}\n`)
    expect((statSync(join(instance, '.stack')).mode & 0o777).toString(8)).toBe('700')

    for (const name of ['address', 'host', 'instance-id']) utimesSync(stateFile(name), 1000, 1000)
    await host.keep(kept)
    for (const name of ['address', 'host', 'instance-id']) expect(statSync(stateFile(name)).mtimeMs).toBe(1_000_000)
  })

  it('is another id for another instance', async () => {
    const first = await hostWith().keep(await hostWith().facts(null))
    rmSync(join(instance, '.stack'), { recursive: true })

    expect((await hostWith().keep(await hostWith().facts(null))).instance).not.toBe(first.instance)
  })
})

describe('trouble', () => {
  it.each(['', '\n', '5f0c', '\0\0\0\0', '5f0c11aa22bb33ccdd', '{"id": 1}'])(
    'takes no new id when the one it had reads %j',
    async (text) => {
      put('instance-id', text)

      await expect(hostWith().facts(null)).rejects.toMatchObject({
        code: 'STACK_STATE_BROKEN',
        message: expect.stringContaining('instance-id'),
        hint: expect.stringContaining('stack.instance'),
      })
      expect(readFileSync(stateFile('instance-id'), 'utf8')).toBe(text)
    },
  )

  it.each(['', '{', '[]', '{"approvals":[]}', '{"approvals":[1],"converged":[]}'])(
    'does not forget what converged when its memory holds %j',
    async (text) => {
      put('memory.json', text)

      await expect(hostWith().memory()).rejects.toMatchObject({
        code: 'STACK_STATE_BROKEN',
        message: expect.stringContaining('memory.json'),
      })
    },
  )

  it('names the file that cannot be written', async () => {
    writeFileSync(join(instance, '.stack'), '')

    await expect(hostWith().remember(() => ({ approvals: [], converged: [] }))).rejects.toMatchObject({
      code: 'STACK_FILES_FAILED',
      message: expect.stringContaining(stateFile('memory.json')),
    })
  })
})
