import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { endDaemon } from '../process/daemon.ts'
import { identify } from '../process/process-identity.ts'
import { run } from '../process/run.ts'
import type { EngineFolders } from './engine-config.ts'

/**
 * Ends the containerd that a killed dockerd left behind; its containers stay. The next dockerd would wait for it in vain for ten
 * seconds. A number alone proves nothing: the program must name our folder.
 */
export async function endContainerd(at: EngineFolders): Promise<void> {
  const pidFile = join(at.exec, 'containerd/containerd.pid')
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => '0'))
  const argv = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  const containerd = argv.includes(at.exec) ? await identify(pid) : undefined
  if (containerd !== undefined) await endDaemon(containerd, 5000)
  await rm(pidFile, { force: true })
}

/** Unmounts what an engine left mounted in its folder, which could not be removed otherwise: a network that it shared, or all, when killed. */
export async function unmountLeftovers({ folder }: EngineFolders): Promise<void> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')
  const points = mounts.split('\n').map((line) => line.split(' ')[4] ?? '')
  for (const point of points.filter((path) => path.startsWith(`${folder}/`)).reverse()) await run(['umount', point])
}
