import { hookFiles } from '../lib/hook-files.ts'
import { insidePath, isWithin } from '../lib/inside-path.ts'
import type { Actual } from '../model/actual.ts'
import { type HookEvent, onceOnly } from '../model/hook.ts'
import { changesImage } from './lock-changes.ts'
import type { Situation } from './situation.ts'
import type { Change, Note } from './step.ts'
import { touches } from './touches.ts'

/**
 * Whether a change is of what containers are made from: the Compose file, what it names, what a service reads, the image it is
 * locked to. A hook is not, nor is the manifest: what it sets is an input of its own.
 */
export function reachesContainers(situation: Situation, change: Change): boolean {
  const { wanted } = situation
  const { field } = change
  const { path, references } = wanted.stacklet
  const inRoot = insidePath(path, field) ?? ''
  const services = wanted.project?.services ?? []
  return (
    field === 'docker-compose.yml' ||
    changesImage(situation, change) ||
    services.some((service) => touches(service, field, wanted.stacklet)) ||
    references.some((place) => isWithin(inRoot, place) && !isIgnoredByAll(field, wanted))
  )
}

/** A build context is named, too, and some of its files do not count. */
function isIgnoredByAll(field: string, { project, stacklet }: Situation['wanted']): boolean {
  const building = (project?.services ?? []).filter(({ context }) => context !== null && isWithin(field, context))
  return building.length > 0 && !building.some((service) => touches(service, field, stacklet))
}

/** The once-only hook that this change is about. */
export function onceOnlyHookIn({ field }: Change): HookEvent | null {
  return onceOnly.find((event) => hookFiles(event, [field]).length > 0) ?? null
}

/** Once means once: whoever edits such a hook is told that it does not run again, and what would make it. */
export function hookEditNotes(situations: readonly Situation[], actual: Actual): readonly Note[] {
  return situations.flatMap((situation) =>
    situation.content.flatMap((change) => {
      const event = change.want === null ? null : onceOnlyHookIn(change)
      return event !== null && hasEnded(event, situation, actual) ? [noteOn(event, situation)] : []
    }),
  )
}

function hasEnded(event: HookEvent, { wanted }: Situation, actual: Actual): boolean {
  const files = actual.files[wanted.id]
  return files?.isSetUp === true || files?.finishedHooks.includes(event) === true
}

function noteOn(event: HookEvent, { wanted: { id } }: Situation): Note {
  const hint =
    event === 'on_install_success' ? `stack setup ${id} runs it once more` : `stack destroy ${id} lets it begin anew`
  const message = `${event} of ${id} was edited and does not run again: its first run is over`
  return { kind: 'warning', stacklet: id, message, hint, digest: null }
}
