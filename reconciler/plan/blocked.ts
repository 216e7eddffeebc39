import { reachableFrom } from '../lib/topology.ts'
import type { Actual, ObservedContainer } from '../model/actual.ts'
import type { ComposeService } from '../model/compose-project.ts'
import type { Desired, DesiredStacklet } from '../model/desired.ts'
import type { StackletId } from '../model/names.ts'
import { formatPosition } from '../model/problem.ts'
import { claimantsOf, indexOf } from './container-index.ts'
import { isUp } from './container-state.ts'
import { deadlockOf } from './merges.ts'
import { isOurs } from './ownership.ts'
import { hasChanged, situationOf } from './situation.ts'
import { healObstacle, holdOn, standingObstacle } from './standing.ts'
import type { Note } from './step.ts'
import { takenPort } from './taken-ports.ts'

type Blocked = ReadonlyMap<StackletId, Note>

/**
 * Stacklets a run must leave alone, each with the note that says why. What they run keeps running, and keeps what it has,
 * which may be in the way of others: so it is asked again until nobody else is blocked.
 */
export function blockedStacklets(desired: Desired, actual: Actual): Blocked {
  const blocked = new Map<StackletId, Note>()
  for (let before = -1; before < blocked.size; ) {
    before = blocked.size
    for (const wanted of desired.stacklets.filter(({ id }) => !blocked.has(id))) {
      const note = ownObstacle(wanted, blocked, desired, actual)
      if (note !== null) blocked.set(wanted.id, note)
    }
    blockDependents(blocked, desired)
  }
  return blocked
}

function blockDependents(blocked: Map<StackletId, Note>, desired: Desired): void {
  for (const [id, note] of [...blocked]) {
    for (const dependent of dependentsOf(id, desired)) {
      if (!blocked.has(dependent)) blocked.set(dependent, because(dependent, id, note))
    }
  }
}

function ownObstacle(wanted: DesiredStacklet, blocked: Blocked, desired: Desired, actual: Actual): Note | null {
  const problem = wanted.problems.find((one) => one.level === 'error')
  if (problem !== undefined) {
    const where = problem.at === null ? '' : `${formatPosition(problem.at)}: `
    return obstacle('stalled', wanted.id, where + problem.message, problem.hint)
  }
  if (wanted.state === 'absent') return alwaysOnObstacle(wanted)
  const standing = standingObstacle(wanted, desired, actual) ?? healing(wanted, desired, actual)
  if (standing !== null) return standing
  const quarantined = behindQuarantine(wanted, desired, actual)
  if (quarantined !== null) return quarantined
  const owner =
    foreignOwner(wanted, actual) ?? olderOwner(wanted, blocked, desired, actual) ?? takenPort(wanted, actual)
  if (owner !== null) return owner
  const twins = twinObstacle(wanted, actual)
  if (twins !== null) return twins
  return waitingNote(wanted)
}

/** What is new may need what did not work out: it waits, and what runs is kept well meanwhile. */
function behindQuarantine(wanted: DesiredStacklet, desired: Desired, actual: Actual): Note | null {
  if (desired.stacklets.every(({ rolledBack }) => rolledBack === null)) return null
  const needed = reachableFrom([wanted.id], (id) => desired.stacklets.find((one) => one.id === id)?.requires ?? [])
  const culprit = desired.stacklets.find(({ id, rolledBack }) => rolledBack !== null && needed.has(id))
  if (culprit === undefined) return null
  const situation = situationOf(wanted, desired, actual)
  if (situation.entry !== null && !hasChanged(situation)) return null
  const message = `${wanted.id} waits for ${culprit.id}, which runs its last good version`
  return obstacle(
    'waiting',
    wanted.id,
    message,
    `mend ${culprit.id} in git, or try it again: stack release ${culprit.id}`,
  )
}

/** Where git wants nothing new, something may have to be put right; the daemon does not do that for ever. */
function healing(wanted: DesiredStacklet, desired: Desired, actual: Actual): Note | null {
  if (desired.isUnattended !== true || holdOn(wanted, actual) !== null) return null
  const situation = situationOf(wanted, desired, actual)
  return situation.entry === null || hasChanged(situation) ? null : healObstacle(situation, desired, actual)
}

function waitingNote({ id, waitsFor }: DesiredStacklet): Note | null {
  if (waitsFor === null) return null
  return obstacle('waiting', id, `${id} waits for ${waitsFor}`, 'commit the edits, or undo them')
}

/** What would be desired if every edit that lies there were committed, and a note on each stacklet that a run leaves waiting. */
export function asCommitted(desired: Desired): { readonly desired: Desired; readonly notes: readonly Note[] } {
  const notes = desired.stacklets.map(waitingNote).filter((note) => note !== null)
  return { desired: { ...desired, stacklets: desired.stacklets.map((one) => ({ ...one, waitsFor: null })) }, notes }
}

function alwaysOnObstacle(wanted: DesiredStacklet): Note | null {
  if (!wanted.stacklet.alwaysOn) return null
  const message = `${wanted.id} is always_on and cannot be absent`
  return obstacle(
    'stalled',
    wanted.id,
    message,
    `declare it stopped, or take always_on out of ${wanted.stacklet.path}/stacklet.toml`,
  )
}

/** Another instance's containers are never ours to touch, whatever they are called. */
function foreignOwner(wanted: DesiredStacklet, actual: Actual): Note | null {
  if (wanted.state === 'stopped') return null
  const taken = indexOf(actual).ofOthers.find((one) => claims(wanted, one))
  if (taken === undefined) return null
  const message = `container ${taken.name}, which ${wanted.id} needs, belongs to the stack instance ${taken.instance}`
  return obstacle('conflict', wanted.id, message, 'stop it there first, or give this stacklet another container_name')
}

/** Networks of one name, of which more than one must stay. */
function twinObstacle(wanted: DesiredStacklet, actual: Actual): Note | null {
  const found = wanted.state === 'stopped' ? null : deadlockOf(wanted, actual)
  if (found === null) return null
  const { network, stranger } = found
  const id = found.id.slice(0, 12)
  const why = stranger === null ? 'is not ours to remove' : `has container ${stranger}, which is not ours`
  const hint =
    stranger === null ? `docker network rm ${id}, if nobody needs it` : `docker network disconnect ${id} ${stranger}`
  const message = `network ${network}, which ${wanted.id} needs, is there more than once, and ${id} ${why}`
  return obstacle('conflict', wanted.id, message, hint)
}

/** One of our own that stays where it is has a name or a port that this one needs. */
function olderOwner(wanted: DesiredStacklet, blocked: Blocked, desired: Desired, actual: Actual): Note | null {
  if (wanted.state === 'stopped') return null
  const services = wanted.project?.services ?? []
  for (const one of claimantsOf(services, actual)) {
    if (one.stacklet === null || one.stacklet === wanted.id || !isOurs(one, actual)) continue
    const hold = holdOf(one.stacklet as StackletId, blocked, desired)
    if (hold === null || !isInTheWay(services, one, hold.keepsRunning)) continue
    const message = `container ${one.name}, which is in the way of ${wanted.id}, belongs to ${one.stacklet}, which is ${hold.why}`
    return obstacle('conflict', wanted.id, message, `declare ${one.stacklet} absent: its data moves to the trash`)
  }
  return null
}

/** What is stopped or no longer listed keeps its containers and their names; what is left alone keeps its ports, too. */
function holdOf(
  id: StackletId,
  blocked: Blocked,
  { stacklets, pace }: Desired,
): { readonly why: string; readonly keepsRunning: boolean } | null {
  if (blocked.has(id)) return { why: 'stalled', keepsRunning: true }
  const owner = stacklets.find((one) => one.id === id)
  if (owner !== undefined) return owner.state === 'stopped' ? { why: 'declared stopped', keepsRunning: false } : null
  return pace.prune === 'destroy' ? null : { why: 'no longer listed', keepsRunning: pace.prune === 'keep' }
}

function isInTheWay(services: readonly ComposeService[], one: ObservedContainer, keepsRunning: boolean): boolean {
  const ports = keepsRunning && (isUp(one) || one.state === 'paused') ? one.ports : []
  return services.some(
    (service) =>
      service.containerName === one.name ||
      service.ports.some(({ port, protocol }) => ports.some((own) => own.port === port && own.protocol === protocol)),
  )
}

/** Whether a container stands where one of this stacklet's would: by name, or as a service of its project. */
export function claims(wanted: DesiredStacklet, container: ObservedContainer): boolean {
  if (wanted.project === null || container.isOneOff || container.isHelper) return false
  if (container.project === wanted.project.name) return true
  return wanted.project.services.some((service) => service.containerName === container.name)
}

function dependentsOf(id: StackletId, desired: Desired): ReadonlySet<StackletId> {
  return reachableFrom([id], (required) =>
    desired.stacklets.filter((one) => one.state !== 'absent' && one.requires.includes(required)).map((one) => one.id),
  )
}

function because(id: StackletId, required: StackletId, note: Note): Note {
  return obstacle(note.kind, id, `${id} requires ${required}, which is ${wordFor(note)}: ${note.message}`, note.hint)
}

function wordFor({ kind }: Note): string {
  return kind === 'stalled' || kind === 'conflict' ? 'stalled' : (wordsFor[kind] ?? kind)
}

const wordsFor: Partial<Readonly<Record<Note['kind'], string>>> = { retry: 'waiting', degraded: 'flapping' }

function obstacle(kind: Note['kind'], stacklet: StackletId, message: string, hint: string): Note {
  return { kind, stacklet, message, hint, digest: null }
}
