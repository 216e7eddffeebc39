import { open, readFile, stat, truncate } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

import { collectOutput } from './collect-output.ts'
import { endGroup } from './end-group.ts'

export interface FileLockOptions {
  /** The lock file; its folder must exist. It is created with mode 0600 and never removed. */
  readonly path: string
  /** 'no' answers at once when somebody else holds the lock. */
  readonly wait: 'no' | { readonly timeoutMs: number }
  readonly signal?: AbortSignal | undefined
  /** Announced at once: who holds it, since when, why. */
  readonly owner?: string | undefined
}

export interface FileLock {
  /** Writes into the file, for the others to read, who holds it, since when, why. Without it the file is left untouched. */
  announce(owner: string): Promise<void>
  /** Gives the lock back; resolves when it is free. Safe to call twice. */
  release(): Promise<void>
}

export interface HeldElsewhere {
  /** What the holder wrote about itself; empty when it wrote nothing. */
  readonly heldBy: string
}

/**
 * Holds an exclusive lock of the kernel on a file. It is freed when we release it and when we die, however we die: a child
 * (`flock PATH cat`) owns it for as long as its stdin, which only we hold, stays open. Two callers in one process exclude each
 * other as well. Rejects with the signal's reason when aborted while waiting, and when the file cannot be opened.
 */
export async function holdFileLock(options: FileLockOptions): Promise<FileLock | HeldElsewhere> {
  const { path, wait, signal, owner } = options
  signal?.throwIfAborted()
  await (await open(path, 'a', 0o600)).close()

  const keeper = await startKeeper(path, wait)
  const answer = await keeper.answer(giveUp(wait, signal))
  if (answer === 'acquired') return heldLock(path, keeper, owner)

  await keeper.stopWaiting()
  signal?.throwIfAborted()
  if (answer !== 'refused') throw new Error(`cannot lock ${path}: ${answer.failed}`)
  return { heldBy: await readOwner(path) }
}

/** The child that owns the lock for us. */
interface Keeper {
  answer(giveUp: AbortSignal): Promise<Answer>
  /** Lets go of a lock; resolves when it is free. */
  letGo(): Promise<void>
  /** Ends a child that still waits for the lock. */
  stopWaiting(): Promise<void>
}

type Answer = 'acquired' | 'refused' | { readonly failed: string }

const flock = 'flock'

async function startKeeper(path: string, wait: FileLockOptions['wait']): Promise<Keeper> {
  const { execa } = await import('execa')
  const argv = ['-x', ...(wait === 'no' ? ['-n'] : []), path, 'cat']
  const child = execa(flock, argv, { stdin: 'pipe', detached: true, buffer: false, reject: false })
  const { pid } = child
  if (pid === undefined) throw (await child).cause ?? new Error('cannot start flock')

  const stderr = collectOutput(child.stderr, { maxBytes: 4096, onLine: () => {} })
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  const echoed = new Promise<Answer>((resolve) => child.stdout.once('data', () => resolve('acquired')))
  child.stdin.on('error', () => {})
  child.stdin.write('\n')

  return {
    answer: (giveUp) =>
      Promise.race([echoed, closed.then((code) => refusal(code, stderr.text())), refusedAfter(giveUp)]),
    letGo: async () => {
      child.stdin.end()
      await closed
    },
    stopWaiting: () => endGroup(pid, 500),
  }
}

/** flock exits 1 when the lock is taken, and says anything else on stderr. */
function refusal(exitCode: number | null, stderr: string): Answer {
  return exitCode === 1 ? 'refused' : { failed: stderr.trim() || `flock exited ${exitCode}` }
}

function refusedAfter(giveUp: AbortSignal): Promise<Answer> {
  return new Promise((resolve) => {
    if (giveUp.aborted) resolve('refused')
    giveUp.addEventListener('abort', () => resolve('refused'), { once: true })
  })
}

function giveUp(wait: FileLockOptions['wait'], signal: AbortSignal | undefined): AbortSignal {
  const reasons = signal === undefined ? [] : [signal]
  return AbortSignal.any(wait === 'no' ? reasons : [...reasons, AbortSignal.timeout(wait.timeoutMs)])
}

async function heldLock(path: string, keeper: Keeper, owner: string | undefined): Promise<FileLock> {
  let released: Promise<void> | undefined
  const lock: FileLock = {
    announce: (words) => writeInPlace(path, words),
    release: () => {
      released ??= empty(path)
        .catch(() => {})
        .then(() => keeper.letGo())
      return released
    },
  }
  try {
    await empty(path)
    if (owner !== undefined) await lock.announce(owner)
    return lock
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** What a dead holder wrote is gone; a file that is empty already is not touched, not even its time. */
async function empty(path: string): Promise<void> {
  if ((await stat(path)).size > 0) await truncate(path)
}

/** Keeps the inode: the lock is on the file, not on its name. */
async function writeInPlace(path: string, text: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.writeFile(text)
  } finally {
    await file.close()
  }
}

/** A holder writes its name a moment after it got the lock: an empty file is worth a second look. */
async function readOwner(path: string): Promise<string> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const owner = await readFile(path, 'utf8')
    if (owner !== '') return owner
    await sleep(20)
  }
  return ''
}
