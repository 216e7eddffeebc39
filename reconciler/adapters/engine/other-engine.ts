import { readdir, readFile, readlink } from 'node:fs/promises'

/**
 * The pid of a Docker engine that runs in our network namespace. Two engines in one namespace flush each other's packet filter rules
 * and share one bridge, so a private engine never starts beside another one.
 */
export async function otherEngine(): Promise<number | undefined> {
  const ours = await networkOf('self')
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  for (const pid of pids) {
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
    if (name.trim() === 'dockerd' && (await networkOf(pid)) === ours) return Number(pid)
  }
  return undefined
}

function networkOf(pid: string): Promise<string | undefined> {
  return readlink(`/proc/${pid}/ns/net`).catch(() => undefined)
}
