import { randomBytes } from 'node:crypto'
import { lstat, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { diskFull } from '../../lib/disk-full.ts'
import { StackError } from '../../model/errors.ts'
import type { Snapshot } from '../../model/update-notes.ts'
import type { DataVault } from '../../ports/data-vault.ts'
import { run } from '../process/run.ts'

/** Much data on a slow disk takes its time; a copy that hangs must not keep a service down for ever. */
const longestMs = 6 * 3_600_000

/** `<data_dir>/.snapshots/<id>-<time>`, copied by `cp`, which knows how to share blocks and to keep holes. */
export function fileDataVault(): DataVault {
  return {
    async save({ name, places, dataDir, at }, signal) {
      const time = at.toISOString().replaceAll(/[-:]|\.\d+/g, '')
      const folder = join(dataDir, '.snapshots', `${name}-${time}-${randomBytes(2).toString('hex')}`)
      await mkdir(folder, { recursive: true, mode: 0o700 }).catch(failing(folder))
      try {
        const kept: Snapshot['places'][number][] = []
        for (const [index, path] of places.entries()) {
          const copy = (await isThere(path)) ? join(folder, String(index)) : null
          if (copy !== null) await copyTo(copy, path, signal)
          kept.push({ path, copy })
        }
        return { folder, places: kept, atMs: at.getTime() }
      } catch (thrown) {
        await rm(folder, { recursive: true, force: true })
        throw told(thrown, name, dataDir)
      }
    },
    async restore({ places }, signal) {
      for (const place of places) await restorePlace(place, signal)
    },
    discard: ({ folder }) => rm(folder, { recursive: true, force: true }),
  }
}

/** The copy is made beside the place, so that to change the two is a matter of a moment. */
async function restorePlace({ path, copy }: Snapshot['places'][number], signal: AbortSignal): Promise<void> {
  const [staged, spoilt] = [`${path}.restoring`, `${path}.spoilt`]
  await rm(staged, { recursive: true, force: true }).catch(failing(staged))
  if (copy !== null) await copyTo(staged, copy, signal)
  await rm(spoilt, { recursive: true, force: true }).catch(failing(spoilt))
  if (await isThere(path)) await rename(path, spoilt).catch(failing(path))
  if (copy !== null) await rename(staged, path).catch(failing(path))
  await rm(spoilt, { recursive: true, force: true }).catch(failing(spoilt))
}

async function copyTo(target: string, source: string, signal: AbortSignal): Promise<void> {
  const words = ['cp', '--archive', '--reflink=auto', '--sparse=auto', '--no-target-directory', '--', source, target]
  const ran = await run(words, { cwd: dirname(target), signal, timeoutMs: longestMs })
  signal.throwIfAborted()
  if (ran.exitCode === 0) return
  const said = ran.stderr.trim().split('\n').at(-1) ?? ''
  throw failure(source, ran.timedOut ? 'it took too long' : said.replace(/^cp: /, ''))
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw failure(path, error.message)
    },
  )
}

function failing(path: string): (error: Error) => never {
  return (error) => {
    throw failure(path, error.message)
  }
}

/** A full disk is no matter of rights. */
function told(thrown: unknown, name: string, dataDir: string): unknown {
  if (!diskFull.test((thrown as Error).message)) return thrown
  return new StackError(
    'STACK_FILES_FAILED',
    `there is no room for a copy of what ${name} keeps: the disk of ${dataDir} is full`,
    {
      hint: `make room there (df -h ${dataDir}), or let it be updated without a copy: update.snapshot = false`,
      cause: thrown,
    },
  )
}

function failure(path: string, words: string): StackError {
  return new StackError('STACK_FILES_FAILED', `the data in ${path} cannot be copied: ${words}`, {
    hint: 'run stack as a user that may read and write it (root), on a disk with room for a copy',
  })
}
