import type { Clock } from '../reconciler/index.ts'
import { type Bell, newBell } from './bell.ts'
import { type FileTree, isSameTree, lookAgain, lookAtFiles, type Places } from './file-tree.ts'
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
  const bell = newBell()
  const touched = new Set<string>()
  const ears = folderEars((folder) => {
    touched.add(folder)
    bell.ring()
  })
  const changed = (): Promise<Changed> => changedIn(touched, bell, watch, signal)
  let tree = lookAtFiles(watch)
  try {
    while (!signal.aborted) {
      // What was written while it was looked at was told to nobody where nobody listened yet.
      const folders = ears.listenTo(tree) ? 'everything' : await changed()
      const next: FileTree = folders === 'everything' ? lookAtFiles(watch) : lookAgain(tree, folders, watch)
      if (!isSameTree(tree, next)) watch.request({ reason: 'files' })
      tree = next
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown
  } finally {
    ears.close()
  }
}

type Changed = 'everything' | ReadonlySet<string>

/** The folders that were told of, as soon as their edit is over; everything when nothing was told for long. */
async function changedIn(touched: Set<string>, bell: Bell, watch: FilesWatch, signal: AbortSignal): Promise<Changed> {
  const { clock, rescanMs = 60_000 } = watch
  if (!(await bell.sleep(clock, rescanMs, signal))) return 'everything'
  await clock.sleep(debounceMs, signal)
  const folders = new Set(touched)
  touched.clear()
  return folders
}
