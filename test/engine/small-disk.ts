import { mkdir, rm } from 'node:fs/promises'
import { run } from '../../reconciler/adapters/process/run.ts'

/** A real file system of this size in a file, mounted at this folder, which is made. Needs root. */
export async function mountSmallDisk(folder: string, megabytes: number): Promise<void> {
  const file = `${folder}.disk`
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const words of [
    ['truncate', '--size', `${megabytes}M`, file],
    ['mkfs.ext4', '-q', '-m', '0', file],
    ['mount', '-o', 'loop', file, folder],
  ]) {
    const ran = await run(words)
    if (ran.exitCode !== 0) throw new Error(`${words.join(' ')}: ${ran.stderr}`)
  }
  // The kernel keeps it for as long as it is mounted, and no longer.
  await rm(file)
}
