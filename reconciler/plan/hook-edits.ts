import { hookFiles } from '../lib/hook-files.ts'
import type { Actual } from '../model/actual.ts'
import { type HookEvent, onceOnly } from '../model/hook.ts'
import type { Situation } from './situation.ts'
import type { Change, Note } from './step.ts'
import { touches } from './touches.ts'

/** A hook is no part of a container, unless a service mounts it: the next one that is due runs as edited. */
export function reachesContainers({ wanted }: Situation, { field }: Change): boolean {
  const services = wanted.project?.services ?? []
  return !field.startsWith('hooks/') || services.some((service) => touches(service, field))
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
