import type { Actual, ObservedContainer } from '../../model/actual.ts'
import { isDone, isResting } from '../container-state.ts'
import { isLeftAlone } from '../drift-notes.ts'
import { isUpAlone, needsContainers } from '../needs.ts'
import { propose } from '../propose.ts'
import { hasChanged, isInSync, type Situation } from '../situation.ts'
import { healthChange, statusChange } from '../state-changes.ts'
import type { Change, ProposedStep } from '../step.ts'
import { upcomingStart } from '../upcoming.ts'
import { proposeHook } from './hooks.ts'
import type { Facts } from './rule.ts'

/** What is declared running runs as declared, what is declared paused or stopped is, and health decides when that is done. */
export function planStacklets({ situations, actual, desired }: Facts): readonly ProposedStep[] {
  return situations.flatMap((situation) => {
    if (situation.wanted.state === 'stopped') return isLeftAlone(situation, desired) ? [] : stopOf(situation)
    if (situation.wanted.state === 'absent') return []
    const pause = isLeftAlone(situation, desired) ? [] : pauseOf(situation)
    return [...bringUp(situation), ...setUpOf(situation, actual), ...pause]
  })
}

function bringUp(situation: Situation): readonly ProposedStep[] {
  const id = situation.wanted.id
  const step = upcomingStart(situation)
  const first = unpauseOf(situation, step !== null)
  const isStarting = step !== null || first.length > 0
  if (isStarting) return [...first, ...(step === null ? [] : [step]), awaitHealth(id, 'started')]
  if (situation.unwell.length > 0) return [...situation.unwell.flatMap(restartOf(id)), awaitHealth(id, 'unhealthy')]
  const wasStopped = situation.wanted.project === null && situation.entry?.state === 'stopped'
  const isConfirmed = situation.entry !== null && !wasStopped && !hasChanged(situation)
  return isConfirmed ? [] : [awaitHealth(id, 'not confirmed', [...situation.content, ...situation.inputs])]
}

function awaitHealth(
  stacklet: Situation['wanted']['id'],
  because: 'started' | 'unhealthy' | 'not confirmed',
  changes: readonly Change[] = [],
): ProposedStep {
  return propose({ kind: 'await-health', stacklet, because }, changes)
}

/** One that crashes is restarted by the engine; one that only fails its health check stays as it is until somebody does it. */
function restartOf(stacklet: Situation['wanted']['id']) {
  return (one: ObservedContainer): readonly ProposedStep[] => {
    if (one.state === 'restarting') return []
    const where = { stacklet, container: one.name, containerId: one.id } as const
    return [propose({ kind: 'restart', ...where, because: 'unhealthy' }, [healthChange(one)])]
  }
}

/** Compose cannot start a paused container, so one that must run or be replaced is unpaused before. */
function unpauseOf({ wanted, paused }: Situation, mustRun: boolean): readonly ProposedStep[] {
  const mayStayPaused = wanted.state === 'paused' && !mustRun
  if (paused.length === 0 || mayStayPaused) return []
  return [propose({ kind: 'unpause', stacklet: wanted.id, because: 'paused' }, paused.map(statusChange))]
}

/** A run that died between writing the marker and forgetting how it came to it leaves both. */
function setUpOf({ wanted }: Situation, actual: Actual): readonly ProposedStep[] {
  const files = actual.files[wanted.id]
  const isFinished = files?.isSetUp === true && files.finishedHooks.length === 0
  return isFinished ? [] : [propose({ kind: 'finish-setup', stacklet: wanted.id, because: 'first healthy start' })]
}

function pauseOf(situation: Situation): readonly ProposedStep[] {
  const { wanted, containers, entry } = situation
  if (wanted.state !== 'paused' || !needsContainers(situation)) return []
  const isPaused = containers.length > 0 && containers.every((one) => one.state === 'paused' || isDone(one))
  if (isPaused && entry?.state === 'paused' && isInSync(situation)) return []
  return [propose({ kind: 'pause', stacklet: wanted.id, because: 'declared paused' })]
}

function stopOf({ wanted, entry, containers, orphans }: Situation): readonly ProposedStep[] {
  const isRunning = [...containers, ...orphans.map((one) => one.container)].some((one) => !isResting(one))
  if (!isRunning && !isUpAlone(entry)) return []
  const hook = proposeHook(wanted.id, Object.keys(wanted.stacklet.files), 'on_stop', 'before stop')
  return [...hook, propose({ kind: 'stop', stacklet: wanted.id, because: 'declared stopped' })]
}
