import { readdir, readFile } from 'node:fs/promises'

/** The process that containerd keeps beside each container that runs. */
export interface Shim {
  readonly pid: number
  readonly containerId: string
}

/** Those of the engine in this folder, whether it still knows of them or not. */
export async function shimsIn(folder: string): Promise<readonly Shim[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')
      const isShim = words[0]?.includes('containerd-shim') === true && words.some((word) => word.startsWith(folder))
      return isShim ? [{ pid: Number(pid), containerId: words[words.indexOf('-id') + 1] ?? '' }] : []
    }),
  )
  return found.flat()
}

/** Ends those that an engine which was killed left behind, and what they run. */
export async function endShims(folder: string): Promise<void> {
  for (const { pid } of await shimsIn(folder)) {
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
    for (const one of [
      ...children
        .split(' ')
        .filter((word) => word !== '')
        .map(Number),
      pid,
    ])
      end(one)
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
