import { digest } from '../../lib/digest.ts'
import { envText } from '../../lib/env-text.ts'
import type { DesiredStacklet } from '../../model/desired.ts'
import { isWantedUp } from '../needs.ts'
import { propose } from '../propose.ts'
import type { Situation } from '../situation.ts'
import type { ProposedStep } from '../step.ts'
import type { Facts } from './rule.ts'

/** Secrets first, then the file that holds them: both before anything reads them. */
export function planEnvironment({ situations, actual }: Facts): readonly ProposedStep[] {
  return situations.filter(isWantedUp).flatMap((situation) => {
    const { wanted } = situation
    const onDisk = actual.files[wanted.id]?.env ?? null
    return [...secretsOf(situation), ...envFileOf(wanted, onDisk)]
  })
}

function secretsOf({ wanted }: Situation): readonly ProposedStep[] {
  const names = wanted.env.missing
  if (names.length === 0) return []
  return [propose({ kind: 'write-secrets', stacklet: wanted.id, names, because: 'missing' })]
}

function envFileOf(wanted: DesiredStacklet, onDisk: string | null): readonly ProposedStep[] {
  if (onDisk === null) return [propose({ kind: 'write-env', stacklet: wanted.id, because: 'missing' })]
  if (wanted.env.missing.length === 0 && onDisk === digest(envFileText(wanted))) return []
  return [propose({ kind: 'write-env', stacklet: wanted.id, because: 'values changed' })]
}

/** The bytes the stacklet's .env should have. Holds secrets. */
export function envFileText(wanted: DesiredStacklet): string {
  return envText(wanted.env.values.map(({ name, text }) => ({ name, text: text.reveal() })))
}
