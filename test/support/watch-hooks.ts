import type { HookEvent } from '../../reconciler/model/hook.ts'
import type { Case } from './any-case.ts'
import { excusesFor } from './excuse.ts'
import { type Box, copyOf, type Happening } from './fake/box.ts'
import { isUp } from './fake/container.ts'
import { whenSomethingHappens } from './fake/containers.ts'
import { pathOf } from './fake/storage.ts'
import type { StackletIntent } from './intent.ts'
import { isWantedUp, ownOf, unmetContainers, wasHere } from './judge.ts'

const once: readonly HookEvent[] = ['on_configure', 'on_install', 'on_install_success']

/** Watches a run and says which hooks ran at a wrong moment. `end` adds those that ran too often, or not at all. */
export function watchHooks({ want, yes }: Case, box: Box): { readonly end: () => readonly string[] } {
  const before = copyOf(box)
  const { excused } = excusesFor(want, box, yes)
  const ran: string[] = []
  const faults: string[] = []
  const find = (id: string | null) => want.stacklets.find((one) => one.id === id)

  whenSomethingHappens(box, ({ what, name, stacklet }: Happening) => {
    const intent = find(stacklet)
    if (intent === undefined) return
    if (what === 'hook') {
      ran.push(`${name} of ${intent.id}`)
      faults.push(...tooSoon(name, intent, box).map((why) => `${name} of ${intent.id} ran, but ${why}`))
    }
    const due = dueBefore(what, name, intent, { before, box }).filter((event) => has(intent, event))
    const late = due.filter((event) => !ran.includes(`${event} of ${intent.id}`))
    faults.push(...late.map((event) => `${what} of ${name} before ${event}`))
  })

  return {
    end: () => [
      ...faults,
      ...want.stacklets.flatMap((one) => (excused.has(one.id) ? [] : miscounted(one, ran, before))),
    ],
  }
}

function has({ files, hasDirectory }: StackletIntent, event: string): boolean {
  return hasDirectory && files[`hooks/${event}.sh`] !== undefined
}

/** What a hook that runs now may count on. */
function tooSoon(event: string, intent: StackletIntent, box: Box): readonly string[] {
  const asRunning: StackletIntent = { ...intent, state: 'running' }
  const isSetUp = box.files.has(pathOf('marker', intent.id))
  if (event === 'on_start') return box.files.has(pathOf('env', intent.id)) ? [] : ['there is no .env']
  if (event === 'on_start_ready') return unmetContainers(asRunning, box)
  if (event !== 'on_install_success') return []
  return [...unmetContainers(asRunning, box), ...(isSetUp ? ['its first run is noted as over'] : [])]
}

/** Hooks that must have run in this run before this happens to one of the stacklet's containers. */
function dueBefore(what: string, name: string, intent: StackletIntent, { before, box }: Boxes): readonly HookEvent[] {
  if (isWantedUp(intent)) {
    const isOwn = ownOf(intent.id, box).some((one) => one.name === name)
    return isOwn && (what === 'create' || what === 'start') ? [...firstOf(intent, before), 'on_start'] : []
  }
  const wasUp = ownOf(intent.id, before).some((one) => one.name === name && isUp(one, before.nowMs))
  return what === 'stop' && wasUp ? ['on_stop'] : []
}

interface Boxes {
  /** As the run found it, and as it is at this moment. */
  readonly before: Box
  readonly box: Box
}

/** Those of the first run that have not ended well yet and come before its start. */
function firstOf(intent: StackletIntent, before: Box): readonly HookEvent[] {
  return owedOnce(intent, before).filter((event) => event !== 'on_install_success')
}

function owedOnce({ id }: StackletIntent, before: Box): readonly HookEvent[] {
  if (before.files.has(pathOf('marker', id))) return []
  const finished = (before.files.get(pathOf('progress', id)) ?? '').split('\n')
  return once.filter((event) => !finished.includes(event))
}

function miscounted(intent: StackletIntent, ran: readonly string[], before: Box): readonly string[] {
  const times = (event: HookEvent) => ran.filter((one) => one === `${event} of ${intent.id}`).length
  const owed = isWantedUp(intent) ? owedOnce(intent, before) : []
  const onceOnly = once.map((event) => [event, owed.includes(event) && has(intent, event) ? 1 : 0] as const)
  const isLeaving = intent.state === 'absent' && has(intent, 'on_destroy') && wasHere(intent.id, before)
  const atEnd = isLeaving && before.ledger.has(intent.id) ? ([['on_destroy', 1]] as const) : []
  return [...onceOnly, ...atEnd].flatMap(([event, due]) =>
    times(event) === due ? [] : [`${event} of ${intent.id} ran ${times(event)} times, not ${due}`],
  )
}
