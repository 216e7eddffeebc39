import type { Actual } from '../model/actual.ts'
import type { Desired, DesiredStacklet } from '../model/desired.ts'
import type { StepResult } from '../model/event.ts'
import type { RunId, StackletId } from '../model/names.ts'
import { type Failure, isClear, type Standing } from '../model/standing.ts'
import { hasChanged, type Situation, situationOf } from './situation.ts'
import { healWords, recent, standingOf } from './standing.ts'

/** One round that is over: what it was planned from, and what became of its steps. */
export interface Round {
  readonly desired: Desired
  readonly actual: Actual
  readonly results: readonly StepResult[]
  readonly run: RunId
  readonly nowMs: number
  /** In [0, 1): so that hosts do not try again all at once. */
  readonly chance: number
  /** Stacklets of which the last version that was well is kept. */
  readonly haveGood: ReadonlySet<StackletId>
}

/** What this host remembers of each stacklet that the round was about, where that is something else than before. */
export function standingsAfter(round: Round): readonly Standing[] {
  return round.desired.stacklets.flatMap((wanted) => {
    const results = round.results.filter((one) => one.stacklet === wanted.id)
    if (results.length === 0) return []
    const before = standingOf(wanted, round.actual)
    const after = standingAfter(wanted, results, before, round)
    return JSON.stringify(after) === JSON.stringify(before) ? [] : [after]
  })
}

/** Those that are to go back, because this round brought them a version that was not well. */
export function fallenIn(standings: readonly Standing[]): readonly StackletId[] {
  return standings.filter(({ quarantine }) => quarantine?.isUndone === false).map(({ id }) => id)
}

function standingAfter(
  wanted: DesiredStacklet,
  results: readonly StepResult[],
  before: Standing,
  round: Round,
): Standing {
  const situation = situationOf(wanted, round.desired, round.actual)
  const failed = results.find((one) => one.result === 'failed' && !isNobodysFault(one))
  const healed = withHeals(before, situation, results, round)
  if (failed === undefined) return afterSuccess(healed, wanted, results)
  if (isFall(failed, situation, round)) return quarantined(healed, situation, failed, round)
  const isHeal = situation.entry !== null && !hasChanged(situation) && wanted.rolledBack === null
  return isHeal ? healed : { ...healed, failure: failureOf(wanted, failed, before.failure, round) }
}

/** A run that was ended, and an engine that went away, or a proxy that did, say nothing about a version. */
function isNobodysFault({ error }: StepResult): boolean {
  return nobodysFaults.includes(error?.code ?? '')
}

const nobodysFaults: readonly string[] = [
  'STACK_CANCELLED',
  'STACK_SUPERSEDED',
  'STACK_ENGINE_UNREACHABLE',
  'STACK_PROXY_UNREACHABLE',
  'STACK_STUCK',
]

/** What was not done says nothing; what was well needs no other try, and what went back is back. */
function afterSuccess(before: Standing, wanted: DesiredStacklet, results: readonly StepResult[]): Standing {
  const isOver = results.every(({ result }) => result === 'done')
  if (!isOver) return before
  const isConfirmed = results.some(({ kind }) => kind === 'await-health')
  const { quarantine } = before
  if (quarantine === null || !isConfirmed) return { ...before, failure: null }
  const kept = wanted.rolledBack === null ? null : { ...quarantine, isUndone: true }
  return { ...before, failure: null, quarantine: kept }
}

/** Steps that fail when a version is not well. What comes before them touched no container, and is tried again. */
const telling: readonly string[] = ['start', 'replace', 'restart', 'await-health']

/** A change that is not well, where there is a version that was. */
function isFall(failed: StepResult, { wanted, entry, ...rest }: Situation, { desired, haveGood }: Round): boolean {
  const isChange = entry !== null && entry.state !== 'stopped' && hasChanged({ wanted, entry, ...rest })
  const hasWay = desired.pace.onFailure === 'rollback' && haveGood.has(wanted.id) && wanted.rolledBack === null
  return isChange && hasWay && telling.includes(failed.kind)
}

function quarantined(before: Standing, { wanted }: Situation, failed: StepResult, round: Round): Standing {
  const quarantine = {
    declared: wanted.declared,
    content: wanted.content,
    revision: round.desired.revision,
    run: round.run,
    atMs: round.nowMs,
    message: failed.error?.message ?? 'it failed',
    isUndone: false,
  }
  return { ...before, failure: null, quarantine }
}

const firstRetryMs = 10_000
const longestRetryMs = 15 * 60_000

function failureOf(wanted: DesiredStacklet, failed: StepResult, before: Failure | null, round: Round): Failure {
  const count = before?.declared === wanted.declared ? before.count + 1 : 1
  const pauseMs = Math.min(firstRetryMs * 2 ** (count - 1), longestRetryMs)
  const jitterMs = pauseMs * 0.2 * round.chance
  return {
    declared: wanted.declared,
    count,
    atMs: round.nowMs,
    retryAtMs: Math.round(round.nowMs + pauseMs + jitterMs),
    message: failed.error?.message ?? 'it failed',
  }
}

/** Only what nobody asked for counts: a person may put something right as often as they like. */
function withHeals(before: Standing, situation: Situation, results: readonly StepResult[], round: Round): Standing {
  const { desired, nowMs } = round
  if (desired.isUnattended !== true) return isClear(before) ? before : { ...before, heals: [], flapping: null }
  const isHeal = situation.entry !== null && !hasChanged(situation)
  const isDone = results.some(({ result }) => result !== 'skipped')
  const now = isHeal && isDone ? healWords(situation).map((what) => ({ what, atMs: nowMs })) : []
  return { ...before, heals: [...recent(before.heals, nowMs), ...now] }
}
