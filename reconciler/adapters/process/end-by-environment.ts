import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** `NAME=value`, as a process was started with. Children inherit it, also those that leave their process group. */
export type IsOne = (environment: readonly string[]) => boolean

const pollMs = 20
const afterKillMs = 1000

/** Ends every process that has such an environment: SIGTERM, and SIGKILL once `graceMs` have passed. Those of other users are left. */
export async function endByEnvironment(isOne: IsOne, graceMs: number): Promise<void> {
  await signalUntilGone(isOne, 'SIGTERM', graceMs)
  await signalUntilGone(isOne, 'SIGKILL', afterKillMs)
}

/** Tells each once, also those that appear meanwhile. */
async function signalUntilGone(isOne: IsOne, signal: NodeJS.Signals, withinMs: number): Promise<void> {
  const told = new Set<number>()
  for (const deadline = performance.now() + withinMs; ; await sleep(pollMs)) {
    const found = await processesWith(isOne)
    for (const pid of found.filter((pid) => !told.has(pid))) tell(pid, signal)
    for (const pid of found) told.add(pid)
    if (found.length === 0 || performance.now() >= deadline) return
  }
}

async function processesWith(isOne: IsOne): Promise<readonly number[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(pids.map(async (pid) => isOne(await environmentOf(pid))))
  return pids.filter((_, index) => found[index])
}

/** A zombie has no environment any more, and is dead. */
async function environmentOf(pid: number): Promise<readonly string[]> {
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
  return environment.split('\0')
}

function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended in between.
  }
}
