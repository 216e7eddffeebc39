import { readdir, readFile, readlink } from 'node:fs/promises'

/** What a process takes of the machine. */
export interface ProcessFacts {
  readonly mebibytes: number
  readonly descriptors: number
  /** Files and folders that it has the kernel watch. */
  readonly watched: number
  readonly children: number
}

export async function processFacts(pid: number): Promise<ProcessFacts> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const open = await readdir(`/proc/${pid}/fd`)
  const targets = await Promise.all(
    open.map(async (fd) => ({ fd, to: await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '') })),
  )
  const inotify = targets.filter(({ to }) => to.includes('inotify'))
  const infos = await Promise.all(
    inotify.map(({ fd }) => readFile(`/proc/${pid}/fdinfo/${fd}`, 'utf8').catch(() => '')),
  )
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return {
    mebibytes: Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024,
    descriptors: targets.filter(({ to }) => to !== '').length,
    watched: infos
      .join('\n')
      .split('\n')
      .filter((line) => line.startsWith('inotify ')).length,
    children: children.split(' ').filter((word) => word !== '').length,
  }
}

/** How much a value grows from one sample to the next: the slope of the line that lies nearest to all. */
export function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const over = values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0)
  const under = values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0)
  return under === 0 ? 0 : over / under
}
