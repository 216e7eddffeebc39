import { isLeftAlone } from '../drift-notes.ts'
import { envFileFault } from '../env-file.ts'
import { isWantedUp } from '../needs.ts'
import { propose } from '../propose.ts'
import { hasChanged, type Situation } from '../situation.ts'
import type { Change, ProposedStep } from '../step.ts'
import type { Facts } from './rule.ts'

/** Secrets first, then the file that holds them: both before anything reads them. */
export function planEnvironment({ situations, actual, desired }: Facts): readonly ProposedStep[] {
  return situations.filter(isWantedUp).flatMap((situation) => {
    const onDisk = actual.files[situation.wanted.id]?.env ?? null
    const file = isLeftAlone(situation, desired) ? [] : envFileOf(situation, onDisk)
    return [...secretsOf(situation), ...file]
  })
}

function secretsOf({ wanted }: Situation): readonly ProposedStep[] {
  const names = wanted.env.missing
  if (names.length === 0) return []
  return [propose({ kind: 'write-secrets', stacklet: wanted.id, names, because: 'missing' })]
}

function envFileOf(situation: Situation, onDisk: string | null): readonly ProposedStep[] {
  const { wanted, entry } = situation
  const fault = envFileFault(wanted, onDisk)
  if (fault === null) return []
  const isOurDoing = entry === null || hasChanged(situation)
  const changed = isOurDoing ? 'values changed' : 'changed on the host'
  const because = fault === 'missing' ? 'missing' : changed
  return [propose({ kind: 'write-env', stacklet: wanted.id, because }, isOurDoing ? [] : [fileChange(onDisk)])]
}

/** What is in it may be secret. */
function fileChange(onDisk: string | null): Change {
  return { field: '.env', want: '***', got: onDisk === null ? null : '***', cause: 'changed on the host' }
}
