import type { Clock } from '../reconciler/index.ts'
import { type FileTree, lookAtFiles, type Places } from './file-tree.ts'
import { folderEars } from './folder-ears.ts'

export interface FilesWatch extends Places {
  readonly clock: Clock
  /** Somebody edits what is declared: a hint, without a word of what. */
  readonly request: (why: { readonly reason: 'files' }) => void
  /** How often to look although nothing was told. */
  readonly rescanMs?: number
}

/** An editor and git write several files, one after another. */
const debounceMs = 300

/** Asks for a look when files of the instance changed, until cancelled. */
export async function watchFiles(watch: FilesWatch, signal: AbortSignal): Promise<void> {
  const bell = restlessBell()
  const ears = folderEars(bell.ring)
  let seen: FileTree | null = null
  try {
    while (!signal.aborted) {
      const tree = await lookAtFiles(watch)
      ears.listenTo(tree.folders)
      if (seen !== null && !isEqual(seen.stamps, tree.stamps)) watch.request({ reason: 'files' })
      // What was written while it was looked at may have been told of a folder that nobody listened to yet.
      if (seen === null || !isEqual(seen.folders, tree.folders)) bell.ring()
      seen = tree
      await untilRung(bell, watch, signal)
    }
  } finally {
    ears.close()
  }
}

async function untilRung(bell: Bell, { clock, rescanMs = 60_000 }: FilesWatch, signal: AbortSignal): Promise<void> {
  const done = new AbortController()
  const limit = AbortSignal.any([signal, done.signal])
  await Promise.race([bell.rung(), clock.sleep(rescanMs, limit).catch(() => {})])
  done.abort()
  await clock.sleep(debounceMs, signal).catch(() => {})
}

interface Bell {
  ring(): void
  /** Resolves at the next ring, or at once when it rang since this was last asked. */
  rung(): Promise<void>
}

function restlessBell(): Bell {
  let hasRung = false
  let wake = (): void => {}
  return {
    ring() {
      hasRung = true
      wake()
    },
    async rung() {
      const ringing = new Promise<void>((resolve) => {
        wake = resolve
      })
      if (!hasRung) await ringing
      hasRung = false
    },
  }
}

function isEqual(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([path, stamp]) => other.get(path) === stamp)
}
