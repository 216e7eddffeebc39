import { type Check, error, listed, type Mend, ok, warning } from '../../../model/check.ts'
import type { StateEntry } from '../../../ports/instance-probe.ts'
import type { InstanceFacts } from '../facts.ts'

/** Younger ones may be somebody's who is at work right now. */
const staleMs = 10 * 60_000

/** `.stack/` is for our eyes only, and so is each file with values in it, wherever it lies. */
export function checkState({ look }: InstanceFacts): readonly Check[] {
  const { entries, user } = look
  if (!entries.some(({ path }) => path === '.stack')) {
    return [ok('state', 'there is no .stack/ yet: the first run makes it')]
  }
  const misplaced = entries.find(({ path, kind }) => kind === (path === '.stack' ? 'file' : folderAt(path)))
  if (misplaced !== undefined) {
    const { path, kind } = misplaced
    const message = `a ${kind} is in the place of ${path}`
    return [error('state', message, `look at it and move it away; the next run makes its own: mv ${path} /tmp/`)]
  }
  const foreign = user === 0 ? [] : entries.filter(({ owner }) => owner !== user).map(({ path }) => path)
  if (foreign.length > 0) {
    const message = `${listed(foreign)} ${foreign.length === 1 ? 'belongs' : 'belong'} to another user`
    return [error('state', message, `run stack as one user, always; sudo chown -R $(id -u) ${foreign[0]}`)]
  }
  const open = entries.filter(isOpen)
  if (open.length === 0) return [ok('state', '.stack/ and every .env are for their owner alone')]
  const mends: readonly Mend[] = open.map(({ path, kind }) => {
    return { kind: 'set-mode', path, mode: kind === 'folder' ? 0o700 : 0o600 }
  })
  const message = `others may read ${listed(open.map(({ path, mode }) => `${path} (${mode.toString(8)})`))}`
  return [error('state', message, `stack doctor --fix closes ${open.length === 1 ? 'it' : 'them'}`, mends)]
}

const ownFiles = ['lock', 'edit.lock', 'secrets.lock', 'secrets.toml', 'settings.toml', 'memory.json', 'last-run']

/** What must not lie there: a folder where we write a file. */
function folderAt(path: string): 'folder' | null {
  return path.endsWith('/.env') || ownFiles.some((name) => path === `.stack/${name}`) ? 'folder' : null
}

/** Behind a closed door nothing else matters; a `.env` lies in the open. */
function isOpen({ path, kind, mode }: StateEntry): boolean {
  if (kind === 'other' || (mode & 0o077) === 0) return false
  return path === '.stack' || path.endsWith('/.env') || /^\.stack\/[^/]+\.toml$/.test(path) || isDocument(path)
}

/** Resolved documents hold values of secrets. */
function isDocument(path: string): boolean {
  return /^\.stack\/compose\/[^/]+\.yml$/.test(path)
}

/** The kernel frees the lock of a dead run; what it wrote about itself stays, and says that the run was cut short. */
export function checkRun({ look: { lock } }: InstanceFacts): readonly Check[] {
  if (lock === null) return [ok('run', 'no run is under way')]
  const who = `pid ${lock.pid} (${lock.why}) since ${lock.since}`
  if (lock.isAlive) return [ok('run', `a run is under way: ${who}`)]
  return [warning('run', `a run was cut short: ${who}`, 'stack reconcile looks, and goes on from there')]
}

export function checkEdit({ look: { halfEdit } }: InstanceFacts): readonly Check[] {
  if (halfEdit === null) return [ok('edit', 'no edit of a desired file was cut short')]
  const message = `a command was cut short while it edited ${halfEdit}`
  const hint = 'stack doctor --fix undoes what it had not committed, and so does the next stack up or down'
  return [warning('edit', message, hint, [{ kind: 'undo-edit', path: halfEdit }])]
}

export function checkLeftovers({ look: { staged } }: InstanceFacts, nowMs: number): readonly Check[] {
  const stale = staged.filter(({ changedAtMs }) => nowMs - changedAtMs > staleMs).map(({ path }) => path)
  if (stale.length === 0) return [ok('leftovers', 'nothing is left of killed commands')]
  const mends: readonly Mend[] = stale.map((path) => ({ kind: 'remove-leftover', path }))
  return [warning('leftovers', `left by killed commands: ${listed(stale)}`, 'stack doctor --fix removes them', mends)]
}
