import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

import { identify, isRunning, type ProcessIdentity } from './process-identity.ts'

export interface DaemonOptions {
  /** The complete environment of the program. */
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  /** Its stdout and stderr, appended. */
  readonly logFile: string
}

/**
 * Starts a program that outlives us, in a session of its own, with its output in a file. Resolves as soon as it is started, which
 * does not mean ready; rejects with the system's `code` when it cannot be started.
 */
export async function startDaemon(argv: readonly string[], options: DaemonOptions): Promise<ProcessIdentity> {
  const log = await open(options.logFile, 'a', 0o600)
  try {
    const child = spawn(argv[0] ?? '', argv.slice(1), {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    })
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    child.unref()
    return (await identify(child.pid ?? 0)) ?? { pid: child.pid ?? 0, startedAt: 'it ended at once' }
  } finally {
    await log.close()
  }
}

/** Ends one process: SIGTERM, and SIGKILL after `graceMs`. Does nothing when it is gone, whoever has its number now. */
export async function endDaemon(daemon: ProcessIdentity, graceMs: number): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!(await isRunning(daemon))) return
    process.kill(daemon.pid, signal)
    await hasEnded(daemon, signal === 'SIGTERM' ? graceMs : 2000)
  }
}

async function hasEnded(daemon: ProcessIdentity, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs
  while (performance.now() < deadline && (await isRunning(daemon))) await sleep(50)
}
