import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

import { StackError } from '../../model/errors.ts'
import type { Held, HostLock } from '../../ports/host-lock.ts'
import { type FileLock, holdFileLock } from '../process/file-lock.ts'
import { sweepRests } from './sweep-rests.ts'

export interface HostLockOptions {
  /** Absolute directory of `.stack/`. */
  readonly instance: string
  /** lock: one run at a time. daemon.lock: one daemon. */
  readonly file: 'lock' | 'daemon.lock'
}

/** What a holder writes about itself. */
interface Owner {
  readonly pid: number
  readonly since: string
  readonly why: string
  readonly host: string
}

/** A kernel lock on a file in `.stack/`. Who gets that of the runs finds nothing half written: rests of killed ones are removed. */
export function hostLock({ instance, file }: HostLockOptions): HostLock {
  const path = join(instance, '.stack', file)
  const taken = async (lock: FileLock): Promise<Held> => {
    // What cannot be removed is in nobody's way, and the doctor names it.
    if (file === 'lock') await sweepRests(instance).catch(() => {})
    return announcing(lock)
  }

  return {
    take: async ({ waitMs, onWait }, signal) => {
      const first = await tryLock(path, { wait: 'no', signal })
      if (!('heldBy' in first)) return taken(first)
      if (waitMs <= 0) throw locked(instance, first.heldBy)
      onWait(`waiting: ${heldSentence(instance, first.heldBy)}`)
      const second = await tryLock(path, { wait: { timeoutMs: waitMs }, signal })
      if ('heldBy' in second) throw locked(instance, second.heldBy)
      return taken(second)
    },
  }
}

function announcing(lock: FileLock): Held {
  return {
    release: () => lock.release(),
    announce: (why) => {
      const owner: Owner = { pid: process.pid, since: new Date().toISOString(), why, host: hostname() }
      return lock.announce(JSON.stringify(owner))
    },
  }
}

type LockOptions = Omit<Parameters<typeof holdFileLock>[0], 'path'>

async function tryLock(path: string, options: LockOptions) {
  try {
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
    return await holdFileLock({ path, ...options })
  } catch (error) {
    options.signal?.throwIfAborted()
    throw new StackError('STACK_FILES_FAILED', `cannot lock ${path}: ${(error as Error).message}`, {
      hint: `let the user that runs stack write ${path}, and see that flock (util-linux) is installed`,
      cause: error,
    })
  }
}

function locked(instance: string, heldBy: string): StackError {
  const owner = ownerIn(heldBy)
  return new StackError('STACK_LOCKED', heldSentence(instance, heldBy), {
    hint: owner === null ? 'wait until it has ended' : `wait until it has ended, or end it: kill ${owner.pid}`,
  })
}

function heldSentence(instance: string, heldBy: string): string {
  const owner = ownerIn(heldBy)
  const who = owner === null ? 'another process' : `pid ${owner.pid} (${owner.why}) since ${timeOf(owner.since)}`
  const where = owner === null || owner.host === hostname() ? '' : ` on ${owner.host}`
  return `${instance} is held by ${who}${where}`
}

/** Null where the holder has not written its name yet, or somebody else wrote the file. */
function ownerIn(text: string): Owner | null {
  try {
    const { pid, since, why, host } = JSON.parse(text)
    return { pid: Number(pid), since: String(since), why: String(why), host: String(host) }
  } catch {
    return null
  }
}

/** `03:00:12Z` today, with its date on any other day. */
function timeOf(since: string): string {
  const [date, time] = since.replace(/\.\d+/, '').split('T')
  return date === new Date().toISOString().slice(0, 10) ? `${time}` : `${date} ${time}`
}
