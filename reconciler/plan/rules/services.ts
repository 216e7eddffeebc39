import type { StackletId } from '../../model/names.ts'
import { isWantedUp } from '../needs.ts'
import { propose } from '../propose.ts'
import type { Situation } from '../situation.ts'
import type { ProposedStep, Step } from '../step.ts'
import type { Facts } from './rule.ts'

/** Programs of the host run while their stacklet is declared running. Only those that we started are stopped; who leaves does it itself. */
export function planServices({ situations, actual }: Facts): readonly ProposedStep[] {
  return situations.flatMap((situation) => {
    const { id, state } = situation.wanted
    if (isWantedUp(situation)) return startServices(situation)
    return state === 'stopped' ? stopServices(id, actual.files[id]?.startedServices ?? [], 'declared stopped') : []
  })
}

function startServices({ wanted, silent }: Situation): readonly ProposedStep[] {
  return silent.map(({ id, check }) => {
    const because = check === null ? 'never started' : 'not responding'
    return propose({ kind: 'start-service', stacklet: wanted.id, service: id, because })
  })
}

type StopReason = Extract<Step, { kind: 'stop-service' }>['because']

export function stopServices(id: StackletId, started: readonly string[], because: StopReason): readonly ProposedStep[] {
  return started.map((service) => propose({ kind: 'stop-service', stacklet: id, service, because }))
}
