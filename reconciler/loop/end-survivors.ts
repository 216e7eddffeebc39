import type { Actual } from '../model/actual.ts'
import { isStackletId } from '../model/names.ts'
import type { World } from '../ports/world.ts'

/** Ends what is left of hooks that a killed run had started: each runs again from its beginning, and never twice at once. */
export async function endSurvivors({ hooks, files }: World, actual: Actual): Promise<void> {
  for (const [id, { startedHook }] of Object.entries(actual.files)) {
    if (startedHook === null || !isStackletId(id)) continue
    await hooks.endSurvivors(startedHook)
    await files.remove('hook', id)
  }
}
