import { type FSWatcher, watch } from 'node:fs'
import type { FileTree } from './file-tree.ts'

/** The kernel's word on folders. */
export interface FolderEars {
  /** From now on these. True when some are new: what happened in them until now was told to nobody. */
  listenTo(tree: FileTree): boolean
  close(): void
}

interface Ear {
  readonly identity: string
  readonly watcher: FSWatcher
}

/** One handle a folder: by far the lightest way, and it hears of files that are replaced. */
export function folderEars(onChange: (folder: string) => void): FolderEars {
  const ears = new Map<string, Ear>()

  function forget(folder: string): void {
    ears.get(folder)?.watcher.close()
    ears.delete(folder)
  }
  function listen(folder: string, identity: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => onChange(folder))
      watcher.on('error', () => forget(folder))
      ears.set(folder, { identity, watcher })
    } catch {
      // Gone again, or the kernel has no more handles: the slow look finds what this would have told.
    }
  }
  return {
    listenTo(tree) {
      for (const [folder, { identity }] of ears) if (tree.get(folder)?.identity !== identity) forget(folder)
      const missing = [...tree].filter(([folder]) => !ears.has(folder))
      for (const [folder, { identity }] of missing) listen(folder, identity)
      return missing.some(([folder]) => ears.has(folder))
    },
    close() {
      for (const folder of [...ears.keys()]) forget(folder)
    },
  }
}
