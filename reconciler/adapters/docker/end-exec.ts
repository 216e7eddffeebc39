import { readFile, readlink } from 'node:fs/promises'
import type Docker from 'dockerode'

import { endGroup } from '../process/end-group.ts'

const graceMs = 2_000

/**
 * Ends a program that was started in a container, with its children: the engine has no call for that, and one whose connection
 * is gone runs on. Does nothing where its process cannot be told from others, as with an engine in a virtual machine.
 */
export async function endExec(exec: Docker.Exec, container: Docker.Container): Promise<void> {
  const { Running, Pid } = await exec.inspect()
  const { Id, State } = await container.inspect()
  if (!Running || !((await isInGroup(Pid, Id)) || (await isInSpace(Pid, State.Pid)))) return
  if (process.getuid?.() === 0) return endGroup(Pid, graceMs)
  const inside = await numberInside(Pid)
  if (inside !== null) await killInside(container, inside)
}

async function isInGroup(pid: number, containerId: string): Promise<boolean> {
  return (await textOf(`/proc/${pid}/cgroup`)).includes(containerId)
}

/** Where the engine has no control groups; for root alone, who may look. */
async function isInSpace(pid: number, first: number): Promise<boolean> {
  const [its, containers, ours] = await Promise.all([pid, first, 'self'].map((one) => spaceOf(one)))
  return its !== null && its === containers && its !== ours
}

async function spaceOf(pid: number | string): Promise<string | null> {
  return readlink(`/proc/${pid}/ns/pid`).catch(() => null)
}

/** What it is called among the processes of its container. */
async function numberInside(pid: number): Promise<string | null> {
  return /^NSpid:.*\t(\d+)$/m.exec(await textOf(`/proc/${pid}/status`))?.[1] ?? null
}

/** Who may use the engine and is not root may tell it to. An image without `kill` keeps what it runs. */
async function killInside(container: Docker.Container, pid: string): Promise<void> {
  const Cmd = ['kill', '-TERM', '--', `-${pid}`]
  const exec = await container.exec({ Cmd, User: '0' })
  await exec.start({ Detach: true }).catch(() => {})
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}
