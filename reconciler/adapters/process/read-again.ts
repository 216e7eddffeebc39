import { lstat, readFile } from 'node:fs/promises'

/**
 * How long a file must have been left alone before what was read of it is kept. A file that is written twice within one tick of
 * the kernel's clock has one time for both; no clock is as coarse as this.
 */
const usuallySettledMs = 2_000
const most = 20_000

/**
 * Reads files and makes something of them, and makes it again only of those that changed: another size, inode or time is another
 * file. The time is that of the inode, which nobody can set. `path` must be a file, or a link to one that is read each time.
 */
export function readAgain<Answer>(
  make: (bytes: Buffer, path: string) => Answer,
  settledMs = usuallySettledMs,
): (path: string) => Promise<Answer> {
  const known = new Map<string, { readonly stamp: string; readonly answer: Answer }>()
  return async (path) => {
    const before = await lstat(path, { bigint: true })
    const stamp = [before.dev, before.ino, before.size, before.mode, before.mtimeNs, before.ctimeNs].join(' ')
    const kept = known.get(path)
    if (kept?.stamp === stamp) return kept.answer
    const readAtMs = Date.now()
    const answer = make(await readFile(path), path)
    if (before.isFile() && ageMs(before.ctimeNs, readAtMs) > settledMs) keep(known, path, { stamp, answer })
    else known.delete(path)
    return answer
  }
}

function ageMs(ctimeNs: bigint, nowMs: number): number {
  return nowMs - Number(ctimeNs / 1_000_000n)
}

function keep<Value>(known: Map<string, Value>, path: string, value: Value): void {
  known.delete(path)
  known.set(path, value)
  const [oldest] = known.keys()
  if (known.size > most && oldest !== undefined) known.delete(oldest)
}
