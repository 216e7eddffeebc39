import { digest } from '../../../reconciler/lib/digest.ts'
import type { LedgerEntry } from '../../../reconciler/model/actual.ts'
import type { RunEvent } from '../../../reconciler/model/event.ts'
import type { Revision } from '../../../reconciler/model/names.ts'
import type { RoutePart } from '../../../reconciler/model/route.ts'
import type { Standing } from '../../../reconciler/model/standing.ts'
import type { LastRun } from '../../../reconciler/model/status.ts'
import type { Commit } from '../../../reconciler/ports/instance-source.ts'
import type { SettingTables } from '../../../reconciler/ports/local-settings.ts'
import type { Texts } from '../texts.ts'
import type { FakeContainer } from './container.ts'

/** A machine and everything on it that outlives a process: plain data, so that it can be copied and compared. */
export interface Box {
  nowMs: number
  containers: FakeContainer[]
  readonly networks: Set<string>
  /** Further networks called `stack`, made by us: id to the ids of who is on that one instead of the first. */
  readonly twins: Map<string, Set<string>>
  /** Projects that have volumes. */
  readonly volumes: Set<string>
  /** Image reference to what it was made from. */
  readonly images: Map<string, string>
  /** Stacklets that have a data folder, and where those of gone ones were moved. */
  readonly data: Set<string>
  readonly trash: string[]
  /** Files of ours by absolute path. */
  readonly files: Map<string, string>
  readonly ledger: Map<string, LedgerEntry>
  readonly standings: Map<string, Standing>
  /** The last good version of each stacklet, as text: it holds secrets. */
  readonly good: Map<string, string>
  readonly secrets: Map<string, string>
  /** What hooks wrote, table by table. */
  settings: SettingTables
  /** Programs of the host that run: `agents/runner`. */
  readonly programs: Set<string>
  /** What the proxy was told to serve, and of whom somebody edited that since. */
  readonly served: Map<string, RoutePart>
  readonly tampered: Set<string>
  /** Hooks that run although the process which started them was killed. */
  readonly survivors: Set<string>
  /** How often each secret was made. */
  readonly made: Map<string, number>
  readonly journal: RunEvent[]
  lastRun: LastRun | null
  instance: string | null
  memory: { approvals: readonly string[]; converged: readonly string[] }
  readonly commits: (Commit & { readonly texts: Texts })[]
  workTree: Texts
  /** Which process holds the lock. */
  lockedBy: number | null
  /** What the engine and the hooks did, in order. */
  readonly happened: Happening[]
  serial: number
}

export interface Happening {
  readonly what: 'create' | 'start' | 'stop' | 'pause' | 'unpause' | 'remove' | 'hook' | 'late pull' | 'route'
  readonly name: string
  readonly stacklet: string | null
}

export const ourInstance = 'instance-1'

export function emptyBox(): Box {
  return {
    nowMs: Date.parse('2026-11-21T03:00:00Z'),
    containers: [],
    networks: new Set(['bridge', 'host', 'none']),
    twins: new Map(),
    volumes: new Set(),
    images: new Map(),
    data: new Set(),
    trash: [],
    files: new Map(),
    ledger: new Map(),
    standings: new Map(),
    good: new Map(),
    secrets: new Map(),
    settings: {},
    programs: new Set(),
    served: new Map(),
    tampered: new Set(),
    survivors: new Set(),
    made: new Map(),
    journal: [],
    lastRun: null,
    instance: null,
    memory: { approvals: [], converged: [] },
    commits: [],
    workTree: {},
    lockedBy: null,
    happened: [],
    serial: 0,
  }
}

export function copyOf(box: Box): Box {
  return structuredClone(box)
}

export function nextSerial(box: Box): number {
  box.serial += 1
  return box.serial
}

/** Commits these texts; the work tree becomes equal to them. */
export function commit(box: Box, texts: Texts, message = 'edit'): void {
  const revision = digest(JSON.stringify([texts, message, box.commits.length])).slice(0, 40) as Revision
  box.commits.push({ revision, message, texts })
  box.workTree = texts
}
