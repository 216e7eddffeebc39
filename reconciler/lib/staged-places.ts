/** Where a process of ours writes before it renames, and what that is called: all that is left of it when it is killed. */
export interface StagedPlace {
  /** Relative to the instance. */
  readonly folder: string
  readonly isStaged: RegExp
  /** Who holds this lock of `.stack/` has it to himself: what lies there is a rest. Null: it may be somebody's who is at work. */
  readonly lock: StateLock | null
}

/** Each guards what is written beside it, or below the name before its dot. */
type StateLock =
  | 'lock'
  | 'edit.lock'
  | 'first-seen.lock'
  | 'memory.lock'
  | 'secrets.lock'
  | 'settings.toml.lock'
  | 'stack.lock.held'
  | 'standing.lock'

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const numbered = /\.\d{6,10}$/

/** Nothing that a person would call a file so is among them. */
export const stagedPlaces: readonly StagedPlace[] = [
  { folder: '.stack', isStaged: /^(?:last-run|instance-id|host|address)\.\d{6,10}$/, lock: 'lock' },
  { folder: '.stack', isStaged: /^memory\.json\.\d{6,10}$/, lock: 'memory.lock' },
  { folder: '.stack', isStaged: /^secrets\.toml\.\d{6,10}$/, lock: 'secrets.lock' },
  { folder: '.stack', isStaged: /^settings\.toml\.\d{6,10}$/, lock: 'settings.toml.lock' },
  { folder: '.stack', isStaged: /^first-seen\.\d{6,10}$/, lock: 'first-seen.lock' },
  { folder: '.stack', isStaged: /^stack\.lock\.\d{6,10}$/, lock: 'stack.lock.held' },
  { folder: '.stack', isStaged: new RegExp(`^(?:edit-${uuid}|restore-index(?:\\.lock)?)$`), lock: 'edit.lock' },
  { folder: '.stack', isStaged: new RegExp(`^${uuid}$|${numbered.source}`), lock: null },
  { folder: '.stack/staged', isStaged: new RegExp(`^${uuid}$`), lock: 'lock' },
  { folder: '.stack/ledger', isStaged: numbered, lock: 'lock' },
  { folder: '.stack/compose', isStaged: numbered, lock: 'lock' },
  { folder: '.stack/good', isStaged: /\.new$/, lock: 'lock' },
  { folder: '.stack/standing', isStaged: numbered, lock: 'standing.lock' },
  { folder: 'desired', isStaged: /\.toml\.\d{6,10}$/, lock: null },
]
