import type { ComposeService } from '../model/compose-project.ts'
import { onceOnlyHookIn, reachesContainers } from './hook-edits.ts'
import { isUpAlone } from './needs.ts'
import { propose } from './propose.ts'
import type { Situation } from './situation.ts'
import { startChanges, statusChange } from './state-changes.ts'
import type { Change, ProposedStep, ReplaceReason, StartReason, Step } from './step.ts'
import { touches } from './touches.ts'

type Bringing = ProposedStep & { readonly step: Extract<Step, { kind: 'start' | 'replace' }> }

/** The step that makes this stacklet's containers what they should be; null when they are. */
export function upcomingStart(situation: Situation): Bringing | null {
  return replaceOf(situation) ?? startOf(situation)
}

/**
 * Whether a main container is about to be started or made anew: what on_start and on_start_ready are for. Main is what
 * publishes the stacklet's port; where nothing does, everything is. Without containers, a first run or a change counts.
 */
export function startsMainContainer(situation: Situation): boolean {
  if (situation.wanted.project === null) return !isUpAlone(situation.entry) || changesWhatRuns(situation)
  const step = upcomingStart(situation)?.step
  if (step === undefined) return false
  const touched = step.kind === 'start' ? startedBy(situation) : step.services
  // What a start that got stuck brought up before is due its hooks all the same: it counts as one that has not been.
  const isWhole = step.because !== 'missing' && step.because !== 'stopped' && step.because !== 'changed on the host'
  return isWhole || mainServices(situation).some((service) => touched.includes(service.name))
}

/** Once-only hooks have run: editing one starts nothing. */
function changesWhatRuns({ content, inputs }: Situation): boolean {
  return inputs.length > 0 || content.some((change) => onceOnlyHookIn(change) === null)
}

function startedBy({ missing, stopped }: Situation): readonly string[] {
  return [...missing, ...stopped.map((container) => container.service ?? '')]
}

function mainServices({ wanted }: Situation): readonly ComposeService[] {
  const services = wanted.project?.services ?? []
  const published = services.filter((service) => service.ports.some((one) => one.port === wanted.stacklet.port))
  return published.length > 0 ? published : services
}

/** A change of what was declared, or of what we made of it, needs new containers; Compose leaves alone those that match. */
function replaceOf(situation: Situation): Bringing | null {
  const { wanted, content, inputs, stuck } = situation
  const because = reasonToReplace(situation) ?? (stuck.remade.length > 0 ? 'stuck in a start' : null)
  if (because === null) return null
  const services = [...new Set([...servicesToReplace(situation, because), ...stuck.remade])].sort()
  return propose({ kind: 'replace', stacklet: wanted.id, services, because }, [
    ...content,
    ...inputs,
    ...replacedDrift(situation),
    ...(because === 'stuck in a start'
      ? situation.stopped.map((one) => ({ ...statusChange(one), cause: because }))
      : []),
  ])
}

/** What is put right in place is a step of its own. */
function replacedDrift({ drifts }: Situation): readonly Change[] {
  const mustBeNew = drifts.filter(({ changes }) => changes.some(({ cure }) => cure === 'replace'))
  return mustBeNew.flatMap(({ changes }) => changes.map(({ field, want, got, cause }) => ({ field, want, got, cause })))
}

function reasonToReplace(situation: Situation): ReplaceReason | null {
  const { wanted, entry, containers, content, inputs, drifted, parts } = situation
  if (wanted.project === null || containers.length === 0) return null
  if (wanted.rolledBack?.isPending === true) return 'rolled back'
  if (entry === null) return readingServices(wanted).length > 0 ? 'not confirmed' : null
  if (content.some((change) => reachesContainers(situation, change))) return 'content changed'
  if (inputs.length > 0) return 'values changed'
  return drifted.length > 0 || parts.length > 0 ? 'changed on the host' : null
}

function servicesToReplace(situation: Situation, because: ReplaceReason): readonly string[] {
  if (because === 'stuck in a start') return []
  if (because === 'not confirmed') return readingServices(situation.wanted)
  return because === 'changed on the host' || because === 'rolled back'
    ? [...new Set(situation.drifted)].sort()
    : mountedBy(situation)
}

/** Services that read files of the stacklet: without a ledger entry nobody knows what was in those when they started. */
function readingServices({ project, stacklet }: Situation['wanted']): readonly string[] {
  const files = Object.keys(stacklet.files)
  const services = project?.services ?? []
  return services.filter((service) => files.some((file) => touches(service, file, stacklet))).map(({ name }) => name)
}

/** Compose does not see that a mounted file has new content: those services are named, so that they get new containers. */
function mountedBy({ wanted, content, drifted }: Situation): readonly string[] {
  const services = wanted.project?.services ?? []
  const mounting = services.filter((service) =>
    content.some((change) => touches(service, change.field, wanted.stacklet)),
  )
  return [...new Set([...mounting.map((service) => service.name), ...drifted])].sort()
}

/**
 * A start without a ledger entry is one that no run saw succeed: Compose is asked again, and changes nothing that matches.
 * What we stopped ourselves is started whatever it looks like: a program that ends well when it is told to looks done.
 */
function startOf(situation: Situation): Bringing | null {
  const { wanted, entry, containers, missing, stopped } = situation
  if (wanted.project === null || wanted.project.services.length === 0) return null
  const isWhole = missing.length === 0 && stopped.length === 0
  if (isWhole && entry !== null && entry.state !== 'stopped') return null
  return propose(
    { kind: 'start', stacklet: wanted.id, because: reasonToStart(containers.length, entry, missing) },
    startChanges(situation),
  )
}

function reasonToStart(count: number, entry: Situation['entry'], missing: readonly string[]): StartReason {
  if (entry === null) return count === 0 ? 'never started' : 'not confirmed'
  return missing.length > 0 ? 'missing' : 'stopped'
}
