import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { access, mkdir, readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'

import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'

import { StackError } from '../../model/errors.ts'
import type { StackletId } from '../../model/names.ts'
import type { Host, HostMemory } from '../../ports/host.ts'
import { underLock } from '../process/under-lock.ts'

export interface HostOptions {
  /** Absolute directory of `.stack/`. */
  readonly instance: string
  /** Where `STACK_HOST` is looked up. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** What `.stack/` knows about this machine: instance-id, host, address, memory.json. */
export function hostFacts({ instance, env }: HostOptions): Host {
  const folder = join(instance, '.stack')
  const place = async () => ({
    stateDir: folder,
    owner: `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`,
    listenSysctl: await listenSysctl(),
  })
  return {
    facts: async (configured) => ({
      instance: await readId(join(folder, 'instance-id')),
      name: nameOf(env['STACK_HOST'] || configured, await readWord(join(folder, 'host'))),
      address: (await readWord(join(folder, 'address'))) ?? (await reachableAddress()),
      ...(await place()),
    }),
    keep: async (facts) => ({
      instance: await keepWord(folder, 'instance-id', facts.instance ?? randomBytes(8).toString('hex')),
      name: await keepWord(folder, 'host', facts.name),
      address: await keepWord(folder, 'address', facts.address),
      ...(await place()),
    }),
    memory: () => readMemory(join(folder, 'memory.json')),
    remember: (edit) => changeMemory(folder, edit),
  }
}

async function listenSysctl(): Promise<string> {
  const takesOver = await access('/proc/sys/net/ipv4/tcp_migrate_req').then(
    () => true,
    () => false,
  )
  return takesOver ? 'net.ipv4.tcp_migrate_req=1' : 'net.ipv4.ip_unprivileged_port_start=0'
}

/** The first run writes the name down; a different answer later would silently be another machine's desired file. */
function nameOf(asked: string | null, kept: string | null): string {
  if (asked) checkName(asked)
  if (asked && kept !== null && asked !== kept) throw hasChanged(kept, asked)
  return kept ?? (asked || hostname().split('.')[0] || 'localhost')
}

/** The name is part of a path: `desired/<host>.toml`. */
function checkName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return
  throw new StackError('STACK_USAGE', `${JSON.stringify(name)} cannot be the name of a host`, {
    hint: 'use letters, digits, dots, - and _ in STACK_HOST and [core].host',
    terminal: true,
  })
}

function hasChanged(kept: string, asked: string): StackError {
  return new StackError(
    'STACK_HOST_CHANGED',
    `this host was ${kept} in its first run, and is now said to be ${asked}`,
    {
      hint: `unset STACK_HOST, correct [core].host, or write ${asked} into .stack/host on purpose`,
      terminal: true,
    },
  )
}

async function keepWord(folder: string, file: string, word: string): Promise<string> {
  const kept = await readWord(join(folder, file))
  if (kept === null) await write(folder, file, `${word}\n`)
  return kept ?? word
}

async function write(folder: string, file: string, text: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFileAtomic(join(folder, file), text, { mode: 0o600 })
  } catch (error) {
    throw unwritable(join(folder, file), error)
  }
}

function unwritable(path: string, error: unknown): StackError {
  return new StackError('STACK_FILES_FAILED', `cannot write ${path}: ${(error as Error).message}`, {
    hint: `let the user that runs stack write ${dirname(path)}, and see that its disk has room`,
    cause: error,
  })
}

/** A file's one word, null when there is no such file or nothing in it. */
async function readWord(path: string): Promise<string | null> {
  return (await readText(path))?.trim() || null
}

/** Null when there is no such file. */
async function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw unreadable(path, error)
  })
}

/** Another id would make strangers of our own containers: what is no id of ours is not taken for one, nor for none. */
async function readId(path: string): Promise<string | null> {
  const text = await readText(path)
  if (text === null || /^[0-9a-f]{16}$/.test(text.trim())) return text === null ? null : text.trim()
  throw new StackError('STACK_STATE_BROKEN', `${path} cannot be read`, {
    hint: "write into it the id that this instance's containers carry: docker inspect shows their label stack.instance",
    terminal: true,
  })
}

const Memory = z.object({ approvals: z.array(z.string()), converged: z.array(z.string()) })

async function readMemory(path: string): Promise<HostMemory> {
  const text = await readText(path)
  if (text === null) return { approvals: [], converged: [] }
  try {
    const { approvals, converged } = Memory.parse(JSON.parse(text))
    return { approvals, converged: converged as StackletId[] }
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** A run and `stack approve` beside it both change it. */
async function changeMemory(folder: string, edit: (memory: HostMemory) => HostMemory): Promise<void> {
  const path = join(folder, 'memory.json')
  const change = async () => {
    const before = await readMemory(path)
    const after = edit(before)
    if (after !== before) await write(folder, 'memory.json', `${JSON.stringify(after)}\n`)
  }
  await underLock(join(folder, 'memory.lock'), change).catch((error) => {
    throw error instanceof StackError ? error : unwritable(path, error)
  })
}

function unreadable(path: string, cause: unknown): StackError {
  return new StackError('STACK_STATE_BROKEN', `${path} cannot be read`, {
    hint: 'look at it; if it is damaged, remove it: the next run writes it anew',
    cause,
    terminal: true,
  })
}

/**
 * The address this machine would send from: connecting a datagram socket asks the kernel for it and sends nothing. Without a
 * callback, because that would be called for a failure as well.
 */
function reachableAddress(): Promise<string> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    function answer(address: string): void {
      socket.close()
      resolve(address)
    }
    socket.once('connect', () => answer(socket.address().address))
    socket.once('error', () => answer('localhost'))
    socket.connect(9, '192.0.2.1')
  })
}
