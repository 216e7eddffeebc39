import { type ChildProcess, spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { commandLine, type Instance } from './instance.ts'

/** A command of the program that runs beside the test. */
export interface Started {
  readonly pid: number
  /** Everything it has said so far, both streams. */
  readonly said: () => string
  readonly kill: (signal: NodeJS.Signals) => void
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
}

export function start({ folder, env }: Instance, ...words: readonly string[]): Started {
  const [program = '', ...args] = commandLine(words)
  const child: ChildProcess = spawn(program, args, { cwd: folder, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return {
    pid: child.pid ?? 0,
    said: () => text,
    kill: (signal) => void child.kill(signal),
    ended: new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal ?? -1))),
  }
}

/** Waits until it is so, or throws what it waited for. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms for ${what}`)
    await sleep(20)
  }
}

/** Command lines of living processes that hold this text, ours left out. */
export async function processesWith(text: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.map((line) => line.replaceAll('\0', ' ').trim()).filter((line) => line.includes(text))
}
