import type { UpdateNotes } from '../model/update-notes.ts'

/** `.stack/first-seen`, 0600, atomic. A file that cannot be read counts as empty: what was seen then is seen anew. */
export interface UpdateMemory {
  read(): Promise<UpdateNotes>
  /** Changes the notes, one process at a time. Answers what they are then. */
  change(edit: (notes: UpdateNotes) => UpdateNotes, signal: AbortSignal): Promise<UpdateNotes>
}
