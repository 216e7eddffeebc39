import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import writeFileAtomic from 'write-file-atomic'

import { StackError } from '../../model/errors.ts'
import { startDaemon } from '../process/daemon.ts'
import { holdFileLock } from '../process/file-lock.ts'
import { isRunning, type ProcessIdentity } from '../process/process-identity.ts'
import { type EngineFolders, engineConfig, engineFolders } from './engine-config.ts'
import { linkIptables } from './iptables.ts'
import { endContainerd } from './leftovers.ts'
import { otherEngine } from './other-engine.ts'
import { pingEngine } from './ping-engine.ts'
import { runningEngine, stopEngine } from './stop-engine.ts'
import type { EngineBinaries } from './unpack-engine.ts'

export interface StartOptions {
  readonly binaries: EngineBinaries
  /** The engine's own folder: socket, log, images, volumes. Made with mode 0700; its path must be short. */
  readonly folder: string
  readonly signal?: AbortSignal | undefined
}

export interface RunningEngine {
  readonly dockerHost: `unix://${string}`
  readonly pid: number
  /** Stops the engine and every container in it; images and volumes stay. */
  stop(): Promise<void>
}

const readyMs = 60_000
/** A socket's path ends at 108 bytes, and containerd's is 40 longer than the folder. */
const longestFolder = 66

/**
 * Starts Docker Engine as a daemon that outlives us, with everything it keeps in one folder. Where it runs already, it is that one.
 * Resolves when it answers. Needs root, and a network namespace without another engine.
 */
export async function startEngine({ binaries, folder, signal }: StartOptions): Promise<RunningEngine> {
  if (folder.length > longestFolder) throw pathTooLong(folder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = await holdFileLock({
    path: `${folder}/lock`,
    wait: { timeoutMs: 2 * readyMs },
    signal,
    owner: `${process.pid}`,
  })
  if ('heldBy' in lock) throw stillStarting(folder, lock.heldBy)
  try {
    const at = engineFolders(folder)
    const engine = (await runningEngine(at)) ?? (await start(at, binaries))
    await untilReady(at, engine, signal)
    return { dockerHost: `unix://${at.socket}`, pid: engine.pid, stop: () => stopEngine(folder) }
  } finally {
    await lock.release()
  }
}

async function start(at: EngineFolders, binaries: EngineBinaries): Promise<ProcessIdentity> {
  const root = process.getuid?.() === 0
  if (!root) throw needsRoot()
  const other = await otherEngine()
  if (other !== undefined) throw besideAnother(other)

  await endContainerd(at)
  const env = { ...process.env, LD_LIBRARY_PATH: binaries.libraries, XTABLES_LIBDIR: `${binaries.libraries}/xtables` }
  const iptables = await linkIptables(binaries, at.folder, env)
  const PATH = [iptables, ...binaries.programs, process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin'].join(':')
  await writeFile(at.configFile, JSON.stringify(engineConfig(at, binaries, process.getgid?.() ?? 0), null, 2))
  // A number left from before a reboot may be somebody else's by now, and dockerd would refuse to start.
  for (const leftover of [at.pidFile, at.logFile, at.socket]) await rm(leftover, { force: true })

  const argv = [binaries.dockerd, '--config-file', at.configFile]
  const engine = await startDaemon(argv, { env: { ...env, PATH }, cwd: at.folder, logFile: at.logFile })
  await writeFileAtomic(at.identityFile, JSON.stringify(engine))
  return engine
}

/** An engine that is not ready in time is left running: it may only be slow, and the next start attaches to it. */
async function untilReady(at: EngineFolders, engine: ProcessIdentity, signal: AbortSignal | undefined): Promise<void> {
  const deadline = performance.now() + readyMs
  while (!(await pingEngine(at.socket))) {
    signal?.throwIfAborted()
    if (!(await isRunning(engine))) throw await notStarted(at, 'the private engine ended while starting')
    if (performance.now() > deadline) throw await notStarted(at, 'the private engine did not answer within a minute')
    await sleep(50)
  }
}

async function notStarted(at: EngineFolders, what: string): Promise<StackError> {
  const log = await readFile(at.logFile, 'utf8').catch(() => '')
  const output = log.trimEnd().split('\n').slice(-10)
  const why = output.findLast((line) => /level=(?:error|fatal)|^failed/.test(line)) ?? output.at(-1) ?? ''
  return new StackError('STACK_ENGINE_UNREACHABLE', `${what}: ${why}`, { hint: `read ${at.logFile}`, output })
}

function pathTooLong(folder: string): StackError {
  return new StackError('STACK_ENGINE_UNREACHABLE', `${folder} is too long a path for an engine's sockets`, {
    hint: `choose a folder of at most ${longestFolder} characters`,
    terminal: true,
  })
}

function stillStarting(folder: string, owner: string): StackError {
  return new StackError('STACK_LOCKED', `process ${owner} has been starting the engine in ${folder} for two minutes`, {
    hint: `wait for process ${owner}, or end it, and run it again`,
  })
}

function needsRoot(): StackError {
  return new StackError('STACK_ENGINE_UNREACHABLE', 'a private engine can only be started by root', {
    hint: 'run it with sudo, or install Docker and join the group docker',
    terminal: true,
  })
}

function besideAnother(pid: number): StackError {
  return new StackError(
    'STACK_ENGINE_UNREACHABLE',
    `another Docker engine runs here (process ${pid}): two would break each other's networks`,
    {
      hint: 'use that engine (set DOCKER_HOST to its socket), or stop it',
      terminal: true,
    },
  )
}
