import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const pollMs = 20
const afterKillMs = 1000

/**
 * Ends a whole process group: SIGTERM, and SIGKILL once `graceMs` have passed. Resolves when no member lives any more, or a second
 * after SIGKILL when the kernel still holds one. A group that is gone is fine.
 */
export async function endGroup(leader: number, graceMs: number): Promise<void> {
  if (!signalGroup(leader, 'SIGTERM')) return
  if (await isGone(leader, graceMs)) return

  signalGroup(leader, 'SIGKILL')
  await isGone(leader, afterKillMs)
}

/** Sends a signal to every member of a group; false when there is no such group any more. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal)
    return true
  } catch (error) {
    // EPERM: a member became another user; it is there, and we may not touch it.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function isGone(leader: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (signalGroup(leader, 0) && (await hasLivingMember(leader))) {
    if (performance.now() >= deadline) return false
    await sleep(Math.max(1, Math.min(pollMs, deadline - performance.now())))
  }
  return true
}

/** An orphan can stay a zombie for long where process 1 is slow to reap, as in many containers: it is dead all the same. */
async function hasLivingMember(leader: number): Promise<boolean> {
  const names = await readdir('/proc').catch(() => undefined)
  if (names === undefined) return true
  const living = names.filter((name) => /^\d+$/.test(name)).map((pid) => isLivingMember(pid, leader))
  return (await Promise.all(living)).includes(true)
}

/** /proc/PID/stat is `pid (comm) state ppid pgrp …`, and comm may contain anything. */
async function isLivingMember(pid: string, leader: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return group === String(leader) && state !== 'Z' && state !== 'X'
}
