import type { Actual, ObservedContainer, ObservedFiles } from '../../model/actual.ts'
import type { Desired } from '../../model/desired.ts'
import type { StackletId } from '../../model/names.ts'
import { isUpAlone } from '../needs.ts'
import { containersOf } from '../ownership.ts'
import { propose } from '../propose.ts'
import { secretsOf } from '../secrets-of.ts'
import type { LeavingReason, ProposedStep } from '../step.ts'
import { proposeHook } from './hooks.ts'
import type { Facts } from './rule.ts'
import { stopServices } from './services.ts'

/** What is declared absent goes, data to the trash; what is no longer listed goes as `prune` says. Secrets stay. */
export function planLeaving({ desired, actual, situations }: Facts): readonly ProposedStep[] {
  const absent = situations.filter(({ wanted }) => wanted.state === 'absent').map(({ wanted }) => wanted.id)
  return [
    ...[...absent, ...desired.gone].flatMap((id) => removalOf(id, desired, actual, 'declared absent')),
    ...unlisted(desired, actual).flatMap((id) => pruneOf(id, desired, actual)),
  ]
}

function pruneOf(id: StackletId, desired: Desired, actual: Actual): readonly ProposedStep[] {
  if (desired.pace.prune === 'keep') return []
  if (desired.pace.prune === 'destroy') return removalOf(id, desired, actual, 'no longer listed')
  const services = stopServices(id, actual.files[id]?.startedServices ?? [], 'no longer listed')
  if (!isUp(id, actual)) return services
  return [
    ...services,
    ...proposeHook(id, filesOf(id, desired), 'on_stop', 'before stop'),
    propose({ kind: 'stop', stacklet: id, because: 'no longer listed' }),
  ]
}

function removalOf(id: StackletId, desired: Desired, actual: Actual, because: LeavingReason): readonly ProposedStep[] {
  const files = actual.files[id]
  const isKnown = actual.ledger[id] !== undefined
  const containers = containersOf(id, actual)
  const isRemembered = isKnown || (files !== undefined && hasNotes(files))
  const wasHere = isRemembered || containers.length > 0
  const hooks = filesOf(id, desired)
  return [
    ...stopServices(id, files?.startedServices ?? [], because),
    ...(isUp(id, actual) ? proposeHook(id, hooks, 'on_stop', 'before stop') : []),
    ...(isRemembered ? proposeHook(id, hooks, 'on_destroy', 'before removal') : []),
    ...(containers.length > 0 || isKnown ? [propose({ kind: 'remove', stacklet: id, because })] : []),
    ...dataOf(id, wasHere, desired, actual, because),
    ...(wasHere ? [propose({ kind: 'forget', stacklet: id, because })] : []),
  ]
}

/** Something of ours lies here, if only from a first run that did not end. */
function hasNotes({ env, isSetUp, finishedHooks, startedServices }: ObservedFiles): boolean {
  return env !== null || isSetUp || finishedHooks.length > 0 || startedServices.length > 0
}

/**
 * Secrets and named volumes outlive a stacklet; who purges wants them gone too. A folder of its name under one that was never
 * here is somebody else's: another instance may have the same data folder.
 */
function dataOf(
  id: StackletId,
  wasHere: boolean,
  desired: Desired,
  actual: Actual,
  because: LeavingReason,
): readonly ProposedStep[] {
  const files = actual.files[id]
  if (desired.purge?.includes(id) !== true) {
    return wasHere && files?.hasData === true ? [propose({ kind: 'trash-data', stacklet: id, because })] : []
  }
  const isKnown = actual.ledger[id] !== undefined || containersOf(id, actual).length > 0 || files?.isSetUp === true
  const hasSecrets = secretsOf(id, actual.secretNames, idsIn(desired)).length > 0
  if (!isKnown && files?.hasData !== true && !hasSecrets) return []
  return [propose({ kind: 'purge-data', stacklet: id, because: 'asked to purge' })]
}

function idsIn({ stacklets, undeclared }: Desired): readonly StackletId[] {
  return [...stacklets, ...undeclared].map((one) => one.id)
}

function isUp(id: StackletId, actual: Actual): boolean {
  return containersOf(id, actual).some(isActive) || isUpAlone(actual.ledger[id] ?? null)
}

function isActive({ state }: ObservedContainer): boolean {
  return state === 'running' || state === 'restarting' || state === 'paused'
}

/** The files of a stacklet's directory; none when the directory is gone. */
function filesOf(id: StackletId, desired: Desired): readonly string[] {
  const listed = desired.stacklets.find((one) => one.id === id)?.stacklet
  const stacklet = listed ?? desired.undeclared.find((one) => one.id === id)
  return Object.keys(stacklet?.files ?? {})
}

/** Ours on this host, by ledger or by label, and in no line of desired.toml. */
function unlisted(desired: Desired, actual: Actual): readonly StackletId[] {
  const listed = new Set<string>([...desired.stacklets.map((one) => one.id), ...desired.gone])
  const labelled = actual.containers.filter(
    (one) => one.instance !== null && one.instance === actual.instance && !one.isHelper,
  )
  const known = [...Object.values(actual.ledger).map((entry) => entry.id), ...labelled.map((one) => one.stacklet)]
  const ids = new Set(known.filter((id): id is StackletId => id !== null && !listed.has(id)))
  return [...ids].sort()
}
