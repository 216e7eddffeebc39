import { type Check, error, listed, ok, warning } from '../../../model/check.ts'
import type { InstanceFacts } from '../facts.ts'

/** A git that holds its lock this long is none that works. */
const staleMs = 10 * 60_000

export function checkRepository({ folder, repository }: InstanceFacts, nowMs: number): readonly Check[] {
  const { state, problem, person, lock } = repository
  if (problem !== null) return [error('repository', problem.message, problem.hint)]
  if (state === 'none') {
    return [
      error('repository', `${folder} is in no git repository`, 'stack init makes it one, and commits what is there'),
    ]
  }
  const found: Check[] = []
  if (state === 'empty') {
    const message = 'there is no commit yet, and a run does what is committed'
    found.push(error('repository', message, 'git add . && git commit -m "first"'))
  }
  if (person === null) {
    const hint = 'git config --global user.name "Ada"; git config --global user.email ada@home.internal'
    found.push(warning('repository', 'git does not know who you are, and refuses your commits', hint))
  }
  if (lock !== null && nowMs - lock.sinceMs > staleMs) {
    const minutes = Math.round((nowMs - lock.sinceMs) / 60_000)
    const message = `a git process has held ${lock.path} for ${minutes} min, or died with it`
    found.push(warning('repository', message, `if no git runs there: rm ${lock.path}`))
  }
  const who = person === null ? '' : `; commits are by ${person.name}`
  return found.length > 0 ? found : [ok('repository', `a git repository with commits${who}`)]
}

export function checkRemote({ folder, repository }: InstanceFacts): readonly Check[] {
  const { remote, state } = repository
  if (state !== 'committed') return []
  if (remote === null) return [ok('remote', 'no remote: what is declared lies in this clone alone')]
  if (remote.failure === null) return [ok('remote', `${remote.name} answers`)]
  const message = `the remote ${remote.name} cannot be read: ${remote.failure}`
  return [warning('remote', message, `see what git says: git -C ${folder} fetch ${remote.name}`)]
}

/** What holds secrets must not get into a commit, which keeps it for ever. */
export function checkIgnored({ repository }: InstanceFacts): readonly Check[] {
  const { notIgnored, tracked, state } = repository
  if (state !== 'empty' && state !== 'committed') return []
  const found: Check[] = []
  if (tracked.length > 0) {
    const message = `git keeps ${listed(tracked)}, which may hold secrets`
    const hint = `git rm --cached ${tracked.join(' ')} and commit; then rotate: stack secrets rotate NAME`
    found.push(error('ignored', message, hint))
  }
  const lines = [...new Set(notIgnored.map(lineFor))].sort()
  if (lines.length > 0) {
    const message = `git does not ignore ${listed(lines)}: a commit could take secrets or data with it`
    found.push(error('ignored', message, 'stack doctor --fix adds that to .gitignore', [{ kind: 'ignore', lines }]))
  }
  return found.length > 0 ? found : [ok('ignored', 'git ignores .stack/, .env and data')]
}

/** Asked were paths; one line of .gitignore serves many. */
function lineFor(path: string): string {
  if (path.startsWith('.stack/')) return '.stack/'
  return path.endsWith('/.env') ? '.env' : `/${path.replace(/\/x$/, '')}/`
}
