import type { Desired } from '../model/desired.ts'
import { driftWords, hasChanged, type Situation } from './situation.ts'
import type { Note } from './step.ts'

/** With `self_heal = false` drift is told and left alone, until git asks for something new. */
export function isLeftAlone(situation: Situation, { pace }: Desired): boolean {
  const { state } = situation.wanted
  if (pace.selfHeal || state === 'absent' || situation.entry?.state !== state) return false
  return state === 'stopped' || !hasChanged(situation)
}

/** The situation as rules may see it that must not heal. */
export function withoutDrift(situation: Situation): Situation {
  return {
    ...situation,
    missing: [],
    stopped: [],
    stuck: { remade: [], removed: [] },
    paused: [],
    unwell: [],
    orphans: [],
    drift: [],
    drifts: [],
    drifted: [],
    moved: [],
    parts: situation.parts.filter(({ because }) => because === 'content changed'),
    merges: [],
    silent: [],
    disturbed: [],
  }
}

export function driftNotes(situations: readonly Situation[], desired: Desired): readonly Note[] {
  return situations
    .filter((one) => isLeftAlone(one, desired) && driftWords(one).length > 0)
    .map((one) => ({
      kind: 'drift',
      stacklet: one.wanted.id,
      message: `${one.wanted.id} drifted: ${driftWords(one).join(', ')}`,
      hint: 'set self_heal = true under [reconcile], or put it back by hand',
      digest: null,
    }))
}
