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

/** Unmounts what a killed dockerd left mounted on its data folder, which could not be removed otherwise. */
export async function unmountData(at: EngineFolders): Promise<void> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')
  if (mounts.split('\n').some((line) => line.split(' ')[4] === at.data)) await run(['umount', at.data])
}
