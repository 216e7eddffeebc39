import { isLeftAlone } from '../drift-notes.ts'
import { envFileFault } from '../env-file.ts'
import { isWantedUp } from '../needs.ts'
import { propose } from '../propose.ts'
import type { Situation } from '../situation.ts'
import type { ProposedStep } from '../step.ts'
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

function envFileOf({ wanted }: Situation, onDisk: string | null): readonly ProposedStep[] {
  const fault = envFileFault(wanted, onDisk)
  if (fault === null) return []
  const because = fault === 'missing' ? 'missing' : 'values changed'
  return [propose({ kind: 'write-env', stacklet: wanted.id, because })]
}
