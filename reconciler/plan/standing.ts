import type { Actual } from '../model/actual.ts'
import type { Desired, DesiredStacklet } from '../model/desired.ts'
import { clearStanding, type Heal, type Hold, type Quarantine, type Standing } from '../model/standing.ts'
import type { Situation } from './situation.ts'
import type { Note } from './step.ts'

/** How often the daemon puts one container right for one reason before it calls that flapping, and in what time. */
const mostHeals = 5
const healWindowMs = 5 * 60_000

/** The pause after a heal that did not last, before the next: 1 s, 2 s, 4 s, 8 s. */
const firstPauseMs = 1_000

export function standingOf({ id }: Pick<DesiredStacklet, 'id'>, { standings }: Pick<Actual, 'standings'>): Standing {
  return standings[id] ?? clearStanding(id)
}

/** The hold that counts now. One by hand ends when git says something else; one that was asked for is there to keep git out. */
export function holdOn(wanted: DesiredStacklet, actual: Pick<Actual, 'standings' | 'nowMs'>): Hold | null {
  const { hold } = standingOf(wanted, actual)
  if (hold === null || (hold.untilMs !== null && hold.untilMs <= actual.nowMs)) return null
  const isSame = hold.declared === wanted.declared && hold.state === wanted.state
  return hold.by === 'asked' || isSame ? hold : null
}

/** The quarantine of what git says now; null where git says something else, or nothing that has to be well. */
export function quarantineOn(
  { declared, state }: Pick<DesiredStacklet, 'declared' | 'state'>,
  standing: Standing | undefined,
): Quarantine | null {
  const quarantine = standing?.quarantine ?? null
  const hasToBeWell = state === 'running' || state === 'paused'
  return hasToBeWell && quarantine?.declared === declared ? quarantine : null
}

/** Why this one is left alone, as far as what this host decided tells. */
export function standingObstacle(wanted: DesiredStacklet, desired: Desired, actual: Actual): Note | null {
  const { id } = wanted
  if (actual.brokenStandings.includes(id)) {
    const path = `.stack/standing/${id}.json`
    const hint = `look at it; to forget what it said, remove it: rm ${path}`
    return note('stalled', wanted, `${path} cannot be read: whether ${id} is on hold is not known`, hint)
  }
  const quarantine = quarantineOn(wanted, actual.standings[id])
  if (quarantine !== null && wanted.rolledBack === null) return quarantineNote(wanted, quarantine)
  return desired.isUnattended === true ? unattendedObstacle(wanted, actual) : null
}

/** The daemon tries again later, and not for ever; a person who runs it by hand wants it now. */
function unattendedObstacle(wanted: DesiredStacklet, actual: Actual): Note | null {
  const { id, declared } = wanted
  const { flapping, failure } = standingOf(wanted, actual)
  if (flapping?.declared === declared) return flappingNote(wanted, flapping.what)
  if (failure === null || failure.declared !== declared || failure.retryAtMs <= actual.nowMs) return null
  const tries = failure.count === 1 ? 'failed' : `failed ${failure.count} times`
  const message = `${id} ${tries} (${failure.message}), and is tried again at ${timeOf(failure.retryAtMs)}`
  return note('retry', wanted, message, `mend it in git, or try it now: stack up ${id}`)
}

/** What the daemon may not put right at this moment: it did so a moment ago, or too often. */
export function healObstacle(situation: Situation, desired: Desired, actual: Actual): Note | null {
  if (desired.isUnattended !== true) return null
  const { wanted } = situation
  const what = tooOften(situation, actual)
  if (what !== null) return flappingNote(wanted, what)
  const pausing = healsBefore(situation, actual).find(({ own }) => nextHealMs(own) > actual.nowMs)
  if (pausing === undefined) return null
  const message = `${pausing.what} again: it is put right at ${timeOf(nextHealMs(pausing.own))}`
  return note('retry', wanted, message, `look at what it prints: stack logs ${wanted.id}`)
}

/** What has to be put right, and was as often as it may be. */
export function tooOften(situation: Situation, actual: Actual): string | null {
  return healsBefore(situation, actual).find(({ own }) => own.length >= mostHeals)?.what ?? null
}

function healsBefore(situation: Situation, actual: Actual) {
  const heals = recent(standingOf(situation.wanted, actual).heals, actual.nowMs)
  return healWords(situation).map((what) => ({ what, own: heals.filter((one) => one.what === what) }))
}

/** When each thing that was put right may be put right again. */
export function nextHealsMs(heals: readonly Heal[]): readonly number[] {
  const all = [...new Set(heals.map(({ what }) => what))]
  return all.map((what) => nextHealMs(heals.filter((one) => one.what === what)))
}

/** The past where it may now. */
function nextHealMs(own: readonly Heal[]): number {
  const last = own.at(-1)
  return last === undefined ? 0 : last.atMs + firstPauseMs * 2 ** (own.length - 1)
}

export function recent(heals: readonly Heal[], nowMs: number): readonly Heal[] {
  return heals.filter(({ atMs }) => nowMs - atMs < healWindowMs)
}

/** What there is to put right, container by container: `photos-web stopped`. */
export function healWords({ missing, stopped, paused, unwell, drifts }: Situation): readonly string[] {
  return [
    ...missing.map((service) => `${service} missing`),
    ...stopped.map(({ name }) => `${name} stopped`),
    ...paused.map(({ name }) => `${name} paused`),
    ...unwell.map(({ name }) => `${name} unhealthy`),
    ...drifts.filter(({ changes }) => changes.length > 0).map(({ container }) => `${container.name} changed`),
  ]
}

/** Each hold, and each version that is not tried again. */
export function standingNotes(desired: Desired, actual: Actual): readonly Note[] {
  return desired.stacklets.flatMap((wanted) => {
    const hold = holdOn(wanted, actual)
    const quarantine = wanted.rolledBack === null ? null : quarantineOn(wanted, actual.standings[wanted.id])
    return [
      ...(hold === null ? [] : [holdNote(wanted, hold)]),
      ...(quarantine === null ? [] : [quarantineNote(wanted, quarantine)]),
    ]
  })
}

function holdNote(wanted: DesiredStacklet, { why, untilMs, declared }: Hold): Note {
  const until = untilMs === null ? 'until it is released' : `until ${timeOf(untilMs)}`
  const behind = declared === wanted.declared ? '' : '; git has changed it meanwhile'
  return note('hold', wanted, `${wanted.id} is on hold ${until}: ${why}${behind}`, `end it: stack release ${wanted.id}`)
}

function quarantineNote(wanted: DesiredStacklet, { revision, message }: Quarantine): Note {
  const { id } = wanted
  const version = revision === null ? 'this version' : revision.slice(0, 7)
  const kept = wanted.rolledBack === null ? 'is left as it is' : 'runs its last good version'
  return note(
    'quarantined',
    wanted,
    `${id} ${kept}: ${version} was not well (${message})`,
    `mend it in git, or try it again: stack release ${id}`,
  )
}

function flappingNote(wanted: DesiredStacklet, what: string): Note {
  return note(
    'degraded',
    wanted,
    `${wanted.id} is flapping: ${what} again, after ${mostHeals} times in ${healWindowMs / 60_000} minutes`,
    `see why: stack logs ${wanted.id}; then mend it in git, or try again: stack release ${wanted.id}`,
  )
}

function note(kind: Note['kind'], { id }: DesiredStacklet, message: string, hint: string): Note {
  return { kind, stacklet: id, message, hint, digest: null }
}

/** `2026-11-27 03:00:12Z` */
function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace(/\.\d+/, '')
}
