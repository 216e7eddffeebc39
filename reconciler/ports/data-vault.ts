import type { Snapshot } from '../model/update-notes.ts'

/** Copies of data that nobody writes to meanwhile: owners, modes, times, links, holes and attributes as they are. */
export interface DataVault {
  /** Copies each place; where the file system can, without taking room. Throws with nothing kept where one cannot be read. */
  save(request: SaveRequest, signal: AbortSignal): Promise<Snapshot>
  /** Puts every place back as it was. Killed half-way, it can be done again. */
  restore(snapshot: Snapshot, signal: AbortSignal): Promise<void>
  discard(snapshot: Snapshot): Promise<void>
}

export interface SaveRequest {
  /** Names the snapshot: the stacklet's id. */
  readonly name: string
  /** Absolute paths of files or directories; one that is not there is noted as that. */
  readonly places: readonly string[]
  /** Absolute; snapshots lie in `.snapshots/` of it. */
  readonly dataDir: string
  readonly at: Date
}
