import type { RunEvent } from '../reconciler/index.ts'

type Watch = (event: RunEvent) => void

/** A step that fails does not say its last lines again where they have just been seen. */
export function notTwice(wasSeen: (step: string) => boolean, watch: Watch): Watch {
  const said = new Map<string, Set<string>>()
  return (event) => {
    if (event.kind === 'step-progress') said.set(event.step, (said.get(event.step) ?? new Set()).add(event.line))
    if (event.kind !== 'step-failed') return watch(event)
    const lines = said.get(event.step)
    const output = wasSeen(event.step) ? [] : event.error.output.filter((line) => lines?.has(line) !== true)
    watch({ ...event, error: { ...event.error, output } })
  }
}
