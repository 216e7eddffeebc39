import { readdir, readFile, readlink, rm, stat } from 'node:fs/promises'

import { isWithin } from '../../lib/inside-path.ts'
import type { Repository } from './repository.ts'
import { lockFileIn, type WritingGit } from './write-git.ts'

/** No git of ours holds a lock for so long; one of a person's may, while its editor is open, but then it lives. */
const oldMs = 30_000
/** Where nobody can be asked who lives. */
const veryOldMs = 10 * 60_000

export interface LockedPlace {
  readonly repository: Repository
  readonly git: WritingGit
  /** A move of ours was cut short there. */
  readonly isMoving: boolean
}

/**
 * Does work that can be begun anew; where a lock file that a dead git left is in the way, removes it and begins anew. Answers
 * what it removed. A lock is dead when no git lives in the repository and it is old, or ours: a move of ours was cut short.
 */
export async function pastDeadLocks<Answer>(
  { repository, git, isMoving }: LockedPlace,
  work: () => Promise<Answer>,
): Promise<{ readonly answer: Answer; readonly removedLocks: readonly string[] }> {
  const removedLocks: string[] = []
  const oldEnoughMs = isMoving ? 0 : oldMs
  for (;;) {
    try {
      return { answer: await work(), removedLocks }
    } catch (error) {
      const lock = lockFileIn(error)
      if (lock === null || removedLocks.includes(lock) || !(await isDead(lock, oldEnoughMs, repository, git)))
        throw error
      await rm(lock, { force: true })
      removedLocks.push(lock)
    }
  }
}

async function isDead(lock: string, oldEnoughMs: number, repository: Repository, git: WritingGit): Promise<boolean> {
  const found = await stat(lock).catch(() => null)
  if (found === null) return true
  const ageMs = Date.now() - found.mtimeMs
  const living = await livesGitIn(repository, await git.text('rev-parse', '--absolute-git-dir'))
  if (living === null) return ageMs > veryOldMs
  return !living && ageMs > oldEnoughMs
}

/** Whether a git process is at work there; null where this system does not tell. */
async function livesGitIn({ topLevel }: Repository, gitDirectory: string): Promise<boolean | null> {
  const pids = await readdir('/proc').then(
    (names) => names.filter((name) => /^\d+$/.test(name)),
    () => [],
  )
  if (pids.length === 0) return null
  const lives = await Promise.all(pids.map((pid) => isGitIn(pid, [topLevel, gitDirectory])))
  return lives.includes(true)
}

/** One whose folder we may not see could be at work anywhere. */
async function isGitIn(pid: string, folders: readonly string[]): Promise<boolean> {
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
  if (!name.startsWith('git')) return false
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  if (state === '' || /^[ZX]$/.test(state.slice(state.lastIndexOf(')') + 2, state.lastIndexOf(')') + 3))) return false
  const folder = await readlink(`/proc/${pid}/cwd`).catch((error: NodeJS.ErrnoException) => error.code ?? '')
  if (folder === 'ENOENT' || folder === 'ESRCH') return false
  return !folder.startsWith('/') || folders.some((one) => isWithin(folder, one))
}
