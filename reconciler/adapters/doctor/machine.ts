import { access, constants, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'

import type { Machine, Room } from '../../ports/machine.ts'
import { run } from '../process/run.ts'
import { readListeners } from './listeners.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface MachineOptions {
  readonly env: Environment
}

/** This machine, asked through its programs, its file systems and /proc. */
export function thisMachine({ env }: MachineOptions): Machine {
  const version = (program: string, signal: AbortSignal) => versionOf(program, env, signal)
  return {
    async programs(signal) {
      const [git, bash, python, flock] = await Promise.all([
        version('git', signal),
        version('bash', signal),
        version('python3', signal),
        version('flock', signal),
      ])
      return { node: process.versions.node, git, bash, python, flock }
    },
    listeners: () => readListeners('/proc'),
    async room(paths) {
      const found = await Promise.all(paths.map((path) => roomAt(path).catch(() => null)))
      return found.filter((room) => room !== null)
    },
  }
}

const answerMs = 10_000

/** `git version 2.39.5` is 2.39.5. A program that is there and fails does not tell. */
async function versionOf(program: string, env: Environment, signal: AbortSignal): Promise<string | null> {
  const words = { env: { ...env, LC_ALL: 'C' }, signal, timeoutMs: answerMs }
  const ran = await run([program, '--version'], words).catch(() => null)
  signal.throwIfAborted()
  if (ran === null) return null
  return /\d+\.\d+(?:\.\d+)?/.exec(ran.stdout + ran.stderr)?.[0] ?? (ran.exitCode === 0 ? 'there' : null)
}

async function roomAt(path: string): Promise<Room> {
  const at = await nearestFolder(path)
  const [room, isWritable] = await Promise.all([statfs(at), mayWrite(at)])
  return {
    path,
    at,
    isThere: at === path,
    isWritable,
    freeBytes: room.bavail * room.bsize,
    freeFiles: room.files > 0 ? room.ffree : null,
  }
}

async function nearestFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory() || dirname(path) === path) return path
  return nearestFolder(dirname(path))
}

function mayWrite(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
}
