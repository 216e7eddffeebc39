import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'

import type { Listener } from '../../ports/machine.ts'

/** A socket of /proc/net that waits for others, by the inode its owner holds. */
interface Waiting extends Pick<Listener, 'address' | 'port' | 'protocol'> {
  readonly inode: string
}

const tables = ['tcp', 'tcp6', 'udp', 'udp6'] as const

/** Every listening socket of our network namespace, with its process where we may look into it. */
export async function readListeners(proc: string): Promise<readonly Listener[]> {
  const texts = await Promise.all(tables.map((table) => readFile(join(proc, 'net', table), 'utf8').catch(() => '')))
  const waiting = tables.flatMap((table, index) =>
    waitingIn(texts[index] ?? '', table.startsWith('tcp') ? 'tcp' : 'udp'),
  )
  const owners = await ownersOf(new Set(waiting.map(({ inode }) => inode)), proc)
  return waiting.map(({ inode, ...where }) => ({ ...where, process: owners.get(inode) ?? null }))
}

/** A listening TCP socket is in state 0A; a UDP socket that nobody is connected to in 07. */
function waitingIn(table: string, protocol: Listener['protocol']): readonly Waiting[] {
  const state = protocol === 'tcp' ? '0A' : '07'
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , found, , , , , , inode = ''] = line.trim().split(/\s+/)
      const [address = '', port = ''] = local.split(':')
      return found === state ? [{ address: addressIn(address), port: Number.parseInt(port, 16), protocol, inode }] : []
    })
}

/** The kernel writes each group of four bytes as this machine's number: the last byte comes first. */
function addressIn(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => [...(word.match(/../g) ?? [])].reverse())
  const numbers = bytes.map((byte) => Number.parseInt(byte, 16))
  if (numbers.length === 4) return numbers.join('.')
  if (numbers.every((number) => number === 0)) return '::'
  const isMapped = numbers.slice(0, 10).every((number) => number === 0) && numbers[10] === 255 && numbers[11] === 255
  if (isMapped) return numbers.slice(12).join('.')
  const groups = bytes.join('').toLowerCase().match(/.{4}/g) ?? []
  return groups.map((group) => group.replace(/^0{1,3}/, '')).join(':')
}

type Owners = Map<string, NonNullable<Listener['process']>>

async function ownersOf(inodes: ReadonlySet<string>, proc: string): Promise<Owners> {
  const owners: Owners = new Map()
  const pids = (await readdir(proc).catch((): string[] => [])).filter((name) => /^\d+$/.test(name))
  for (const pid of pids) {
    const held = (await socketsOf(join(proc, pid, 'fd'))).filter((inode) => inodes.has(inode))
    if (held.length === 0) continue
    const program = (await readFile(join(proc, pid, 'comm'), 'utf8').catch(() => '')).trim()
    for (const inode of held) if (!owners.has(inode)) owners.set(inode, { pid: Number(pid), program })
  }
  return owners
}

async function socketsOf(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((): string[] => [])
  const targets = await Promise.all(names.map((name) => readlink(join(folder, name)).catch(() => '')))
  return targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [])
}
