import type { Actual } from '../model/actual.ts'
import type { Desired, DesiredStacklet } from '../model/desired.ts'
import { clearStanding, type Standing } from '../model/standing.ts'
import { hasChanged, situationOf } from './situation.ts'
import { holdOn, recent, standingOf, tooOften } from './standing.ts'

/** What is remembered of each stacklet when a run is over, where that differs: what no longer counts is forgotten. */
export function settledStandings(desired: Desired, actual: Actual): readonly Standing[] {
  return desired.stacklets.flatMap((wanted) => {
    const before = standingOf(wanted, actual)
    const after = settled(wanted, before, desired, actual)
    return JSON.stringify(after) === JSON.stringify(before) ? [] : [after]
  })
}

function settled(wanted: DesiredStacklet, before: Standing, desired: Desired, actual: Actual): Standing {
  if (wanted.state === 'absent') return clearStanding(wanted.id)
  const { quarantine, failure, flapping, heals } = before
  const isOfNow = (one: { readonly declared: string } | null): boolean => one?.declared === wanted.declared
  return {
    ...before,
    hold: holdLeft(wanted, desired, actual),
    quarantine: isOfNow(quarantine) ? quarantine : null,
    failure: isOfNow(failure) ? failure : null,
    heals: recent(heals, actual.nowMs),
    flapping: isOfNow(flapping) ? flapping : newFlapping(wanted, desired, actual),
  }
}

/** Who starts again what they had stopped holds it no longer. */
function holdLeft(wanted: DesiredStacklet, desired: Desired, actual: Actual): Standing['hold'] {
  const hold = holdOn(wanted, actual)
  if (hold?.by !== 'hand' || wanted.state !== 'running') return hold
  const { containers, missing, stopped } = situationOf(wanted, desired, actual)
  return containers.length > 0 && missing.length === 0 && stopped.length === 0 ? null : hold
}

function newFlapping(wanted: DesiredStacklet, desired: Desired, actual: Actual): Standing['flapping'] {
  if (desired.isUnattended !== true || standingOf(wanted, actual).heals.length === 0) return null
  const situation = situationOf(wanted, desired, actual)
  const what = situation.entry === null || hasChanged(situation) ? null : tooOften(situation, actual)
  return what === null ? null : { declared: wanted.declared, what, sinceMs: actual.nowMs }
}
