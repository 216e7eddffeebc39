import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dockerEngine } from '../../../reconciler/adapters/docker/container-engine.ts'

let folder: string
let server: Server
let silentAt: RegExp

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stackloop-silent-'))
  server = createServer((asked, answer) => {
    if (!silentAt.test(asked.url ?? '')) answer.setHeader('content-type', 'application/json').end('[]')
  })
  await new Promise<void>((resolve) => server.listen(join(folder, 'docker.sock'), resolve))
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
})

const engine = () =>
  dockerEngine(async () => ({ address: `unix://${join(folder, 'docker.sock')}`, certificates: null }) as never)

describe('an engine that falls silent', () => {
  it.each([
    ['its version', /version/, () => engine().look({ instance: null, projects: [] }, AbortSignal.timeout(300))],
    [
      'an image',
      /images/,
      () => engine().look({ instance: null, projects: [], images: ['a'] }, AbortSignal.timeout(300)),
    ],
    ['a pause', /pause/, () => engine().act('pause', 'abc', AbortSignal.timeout(300))],
    [
      'a disconnection',
      /disconnect/,
      () => engine().act({ kind: 'disconnect', network: 'stack' }, 'abc', AbortSignal.timeout(300)),
    ],
  ])('over %s is not waited for longer than allowed', async (_, path, call) => {
    silentAt = path

    await expect(call()).rejects.toThrow(/abort|timeout/i)
  })
})

it('a look at many images at once warns nobody of listeners', async () => {
  silentAt = /nothing/
  const told: string[] = []
  const listen = ({ message }: Error) => told.push(message)
  process.on('warning', listen)
  const images = Array.from({ length: 30 }, (_, index) => `image-${index}`)

  await engine().look({ instance: null, projects: [], images }, new AbortController().signal)

  await new Promise(setImmediate)
  process.off('warning', listen)
  expect(told).toEqual([])
})
