import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readListeners } from '../../../reconciler/adapters/doctor/listeners.ts'
import { thisMachine } from '../../../reconciler/adapters/doctor/machine.ts'

const { signal } = new AbortController()

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'machine-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

describe('who listens', () => {
  const self = { pid: process.pid }

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '0.0.0.0'],
  ])('on TCP at %s', async (at, address) => {
    const server = createServer().listen(0, at)
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo

    const found = (await readListeners('/proc')).filter((one) => one.port === port && one.protocol === 'tcp')

    expect(found).toMatchObject([{ address, process: self }])
  })

  it('on UDP', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1')
    onTestFinished(() => void socket.close())
    await once(socket, 'listening')
    const { port } = socket.address()

    const found = (await readListeners('/proc')).filter((one) => one.port === port && one.protocol === 'udp')

    expect(found).toMatchObject([{ address: '127.0.0.1', process: self }])
  })

  it('on IPv6, and whose process may not be looked into', async () => {
    const proc = folder()
    const row = (local: string, state: string, inode: string) =>
      `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000000000000000`
    const rows = [
      row('00000000000000000000000000000000:0050', '0A', '11'),
      row('0000000000000000FFFF00000100007F:0051', '0A', '12'),
      row('B80D0120000000000000000001000000:0052', '0A', '13'),
      row('00000000000000000000000000000000:0053', '01', '14'),
    ]
    mkdirSync(join(proc, 'net'))
    writeFileSync(join(proc, 'net/tcp6'), ['  sl  local_address', ...rows, ''].join('\n'))
    mkdirSync(join(proc, '12/fd'), { recursive: true })
    writeFileSync(join(proc, '12/comm'), 'nginx\n')
    symlinkSync('socket:[11]', join(proc, '12/fd/3'))

    expect(await readListeners(proc)).toEqual([
      { address: '::', port: 80, protocol: 'tcp', process: { pid: 12, program: 'nginx' } },
      { address: '127.0.0.1', port: 81, protocol: 'tcp', process: null },
      { address: '2001:db8:0:0:0:0:0:1', port: 82, protocol: 'tcp', process: null },
    ])
  })
})

describe('programs', () => {
  it('are found in PATH with their versions', async () => {
    const found = await thisMachine({ env: process.env }).programs(signal)

    expect(found.node).toBe(process.versions.node)
    expect(found.git).toMatch(/^\d+\.\d+/)
    expect(found.bash).toMatch(/^\d+\.\d+/)
    expect(found.flock).toMatch(/^\d+\.\d+/)
  })

  it('are missing where PATH has none', async () => {
    const found = await thisMachine({ env: { PATH: folder() } }).programs(signal)

    expect(found).toMatchObject({ git: null, bash: null, python: null, flock: null })
  })
})

it('room is told of a folder that is not there yet, by the nearest one above it', async () => {
  const path = folder()

  const [here, later] = await thisMachine({ env: {} }).room([path, join(path, 'a/b')])

  expect(here).toMatchObject({ path, at: path, isThere: true, isWritable: true })
  expect(later).toMatchObject({ path: join(path, 'a/b'), at: path, isThere: false, freeBytes: expect.any(Number) })
})
