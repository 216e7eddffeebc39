import { type FSWatcher, watch } from 'node:fs'

/** The kernel's word on folders: which of them changed is not told, only that one did. */
export interface FolderEars {
  /** From now on these, each with what tells it from another one of the same name. */
  listenTo(folders: ReadonlyMap<string, string>): void
  close(): void
}

interface Ear {
  readonly identity: string
  readonly watcher: FSWatcher
}

/** One handle a folder: by far the lightest way, and it hears of files that are replaced. */
export function folderEars(onChange: () => void): FolderEars {
  const ears = new Map<string, Ear>()

  function forget(folder: string): void {
    ears.get(folder)?.watcher.close()
    ears.delete(folder)
  }
  function listen(folder: string, identity: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, onChange)
      watcher.on('error', () => forget(folder))
      ears.set(folder, { identity, watcher })
    } catch {
      // Gone again, or the kernel has no more handles: the slow look finds what this would have told.
    }
  }
  return {
    listenTo(folders) {
      for (const [folder, { identity }] of ears) if (folders.get(folder) !== identity) forget(folder)
      for (const [folder, identity] of folders) if (!ears.has(folder)) listen(folder, identity)
    },
    close() {
      for (const folder of [...ears.keys()]) forget(folder)
    },
  }
}
