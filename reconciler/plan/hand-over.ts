import type { Actual } from '../model/actual.ts'
import type { StackletId } from '../model/names.ts'
import { containersOf } from './ownership.ts'
import { type Note, type ProposedStep, type StepKind, stackletOf } from './step.ts'

/** What ends the container that a step is about, or may. */
const ending: readonly StepKind[] = [
  ...(['replace', 'restart', 'stop', 'remove', 'pause', 'remove-orphan', 'replace-network', 'replace-volume'] as const),
  ...(['start', 'merge-networks', 'reconnect'] as const),
]

export interface HandedOver {
  readonly steps: readonly ProposedStep[]
  readonly notes: readonly Note[]
}

/** How the helper of an instance is called: there is never more than one. */
export function helperName(instance: string | null): string {
  return `stack-hand-over-${instance ?? 'new'}`
}

/**
 * Nobody saws off the branch they sit on: what would end the container that this program runs in is left to a helper, which
 * outlives it, and comes last. While that is at work there is nothing to do for that stacklet.
 */
export function handedOver(steps: readonly ProposedStep[], ids: readonly StackletId[], actual: Actual): HandedOver {
  const own = ids.find((id) => containersOf(id, actual).some((one) => one.id === actual.self))
  const mine = steps.filter(({ step }) => stackletOf(step) === own)
  if (own === undefined || !mine.some(({ step }) => ending.includes(step.kind))) return { steps, notes: [] }
  const others = steps.filter((one) => !mine.includes(one))
  const isAtWork = actual.containers.some((one) => one.isHelper && one.name === helperName(actual.instance))
  if (isAtWork) return { steps: others, notes: [atWork(own)] }
  const step = { kind: 'hand-over', stacklet: own, because: 'runs this program' } as const
  return { steps: [...others, { step, changes: mine.flatMap(({ changes }) => changes) }], notes: [] }
}

function atWork(stacklet: StackletId): Note {
  const message = `${stacklet}, which runs this program, is being replaced by a helper`
  return { kind: 'waiting', stacklet, message, hint: 'stack history shows what it did', digest: null }
}
