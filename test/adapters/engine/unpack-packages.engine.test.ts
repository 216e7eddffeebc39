import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { unpackPackages } from '../../../reconciler/adapters/engine/unpack-packages.ts'
import { run } from '../../../reconciler/adapters/process/run.ts'

const packages = ['busybox-static/trixie']
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unpack-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What apt and dpkg remember about this machine, to the millisecond. */
function machineState(): readonly unknown[] {
  const lists = readdirSync('/var/lib/apt/lists').sort()
  const files = ['/var/lib/dpkg/status', '/var/lib/apt/lists', '/etc/apt/sources.list.d', '/var/cache/apt/archives']
  return [lists, files.map((file) => statSync(file).mtimeMs)]
}

describe('unpackPackages', () => {
  it('downloads once, for two at the same time, and never again; the machine stays as it was', async () => {
    const before = machineState()
    const lines: string[] = []
    const options = { folder, packages, onLine: (line: string) => lines.push(line) }

    const [one, two] = await Promise.all([unpackPackages(options), unpackPackages(options)])
    const said = lines.length
    const three = await unpackPackages(options)

    expect(one.versions).toHaveLength(1)
    expect([two, three]).toEqual([one, one])
    expect(lines.filter((line) => line.startsWith('Unpacked'))).toHaveLength(1)
    expect(lines).toHaveLength(said)
    expect((await run([join(one.root, 'usr/bin/busybox'), 'echo', 'works'])).stdout).toBe('works\n')
    expect(machineState()).toEqual(before)
  })

  it('goes on after it was interrupted, at whatever line', async () => {
    for (const stopAt of ['Get:1', 'Reading package lists', 'Fetched']) {
      const abort = new AbortController()
      const onLine = (line: string) => line.startsWith(stopAt) && abort.abort()
      await expect(unpackPackages({ folder, packages, signal: abort.signal, onLine })).rejects.toMatchObject({
        code: 'STACK_CANCELLED',
      })
    }

    expect((await unpackPackages({ folder, packages })).versions).toHaveLength(1)
    expect(readdirSync(folder).sort()).toEqual(['lock', 'root', 'stamp.json'])
  })

  it('unpacks anew when other packages are asked for', async () => {
    await unpackPackages({ folder, packages })

    const { versions } = await unpackPackages({ folder, packages: [...packages, 'tini/trixie'] })

    expect(versions.map((file) => file.split('_')[0])).toEqual(['busybox-static', 'tini'])
  })

  it('says which package there is not', async () => {
    const unpacking = unpackPackages({ folder, packages: ['no-such-package/trixie'] })

    await expect(unpacking).rejects.toThrow(/apt-get download failed: .*no-such-package/)
  })
})
