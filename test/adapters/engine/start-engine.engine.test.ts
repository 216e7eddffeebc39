import { mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { startEngine } from '../../../reconciler/adapters/engine/start-engine.ts'
import { unpackEngine } from '../../../reconciler/adapters/engine/unpack-engine.ts'
import { run } from '../../../reconciler/adapters/process/run.ts'
import { testEngine } from '../../engine/test-engine.ts'

const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'stackloop')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engine-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('startEngine', () => {
  it('starts, attaches, comes back after a kill with its containers, and stops', async () => {
    const life = fileURLToPath(new URL('./engine-life.ts', import.meta.url))
    const argv = ['unshare', '--net', process.execPath, '--import', import.meta.resolve('tsx'), life, folder, cache]

    const ran = await run(argv, { timeoutMs: 100_000 })

    expect(ran.stderr).toBe('')
    expect(JSON.parse(ran.stdout)).toEqual({
      attachedToTheSame: true,
      anotherAfterKill: true,
      containerSurvivedAsRecorded: true,
      imageStayed: true,
      goneAfterStop: true,
      stopTwiceIsFine: true,
    })
  })

  it.skipIf(process.env['STACK_TEST_DOCKER_HOST'])('refuses to start beside another engine', async () => {
    const binaries = await unpackEngine({ folder: join(cache, 'engine') })

    await expect(startEngine({ binaries, folder })).rejects.toMatchObject({
      code: 'STACK_ENGINE_UNREACHABLE',
      message: expect.stringContaining('another Docker engine runs here'),
    })
    expect(await testEngine().docker(['info', '--format', '{{.ServerVersion}}'])).toContain('26.')
  })

  it('refuses a folder whose sockets would have too long a path', async () => {
    const binaries = await unpackEngine({ folder: join(cache, 'engine') })

    await expect(startEngine({ binaries, folder: join(folder, 'x'.repeat(70)) })).rejects.toThrow(/too long a path/)
  })
})
