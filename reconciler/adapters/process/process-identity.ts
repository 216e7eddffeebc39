import { readFile } from 'node:fs/promises'

/** One process for all time: its number comes again, the moment it started on this boot does not. */
export interface ProcessIdentity {
  readonly pid: number
  readonly startedAt: string
}

/** Who runs under this number now; undefined when nobody does, or only a zombie. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (stat === undefined) return undefined

  // `pid (comm) state ppid …`; comm may contain anything, so count from its last bracket. starttime is field 22.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (state === 'Z' || state === 'X') return undefined
  const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
  return { pid, startedAt: `${bootId}/${fields[18]}` }
}

/** True when that very process is still there. */
export async function isRunning(process: ProcessIdentity): Promise<boolean> {
  return (await identify(process.pid))?.startedAt === process.startedAt
}
