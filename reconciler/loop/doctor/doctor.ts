import type { Check, Mend } from '../../model/check.ts'
import { StackError } from '../../model/errors.ts'
import { allChecks } from './checks/all-checks.ts'
import { type DoctorParts, lookAround } from './look-around.ts'
import { mend } from './mend.ts'

export interface DoctorRequest {
  readonly fix: boolean
  /** Asked before something is fetched and run; null where nobody can be asked. */
  readonly consent: ((question: EngineQuestion) => Promise<boolean>) | null
  /** What a longer work says on the way. */
  readonly onLine: (line: string) => void
}

export type EngineQuestion = Extract<Mend, { kind: 'start-engine' }>

export interface Diagnosis {
  /** As it is after whatever was mended. */
  readonly checks: readonly Check[]
  /** What was mended, or could not be, a sentence each. */
  readonly mended: readonly Mended[]
}

export interface Mended {
  readonly name: Check['name']
  readonly isDone: boolean
  readonly message: string
}

/** Tells whether everything is here that this host and instance need; with `fix` it mends what is safe, and looks again. */
export async function doctor(parts: DoctorParts, request: DoctorRequest, signal: AbortSignal): Promise<Diagnosis> {
  const checks = allChecks(await lookAround(parts, signal))
  if (!request.fix) return { checks, mended: [] }
  const mended: Mended[] = []
  for (const { name, mends } of checks) {
    for (const what of mends) {
      const refusal = what.kind === 'start-engine' ? await refusalOf(what, request) : null
      if (refusal !== null) mended.push({ name, isDone: false, message: refusal })
      else mended.push({ name, ...(await tried(() => mend(what, { parts, onLine: request.onLine, signal }), signal)) })
    }
  }
  return { checks: mended.length === 0 ? checks : allChecks(await lookAround(parts, signal)), mended }
}

/** Null with consent. */
async function refusalOf(what: EngineQuestion, { consent }: DoctorRequest): Promise<string | null> {
  if (consent === null) return 'no engine was started: nobody was there to be asked; allow it with --yes'
  return (await consent(what)) ? null : 'no engine was started, as was answered'
}

/** One mending that fails keeps none of the others from being tried. */
async function tried(work: () => Promise<string>, signal: AbortSignal): Promise<Omit<Mended, 'name'>> {
  try {
    return { isDone: true, message: await work() }
  } catch (thrown) {
    signal.throwIfAborted()
    if (!(thrown instanceof StackError)) throw thrown
    return { isDone: false, message: `${thrown.message}; ${thrown.hint}` }
  }
}
