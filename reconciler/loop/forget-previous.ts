import type { Desired } from '../model/desired.ts'
import type { StackletId } from '../model/names.ts'
import { rotatedName } from '../model/secret.ts'
import type { World } from '../ports/world.ts'

/**
 * Lets go of former values of rotated secrets when a run has converged: what runs has the new ones. The value of a stacklet that
 * is stopped, or that the run was not about, is kept: nothing of it has seen the new one yet.
 */
export async function forgetPrevious(
  { secrets }: World,
  { stacklets }: Desired,
  only: readonly StackletId[] | null,
  signal: AbortSignal,
): Promise<void> {
  const up = stacklets.filter(({ state }) => state === 'running' || state === 'paused').map(({ id }) => id)
  const owners = only === null ? ['global', ...up] : up.filter((id) => only.includes(id))
  const names = Object.keys(await secrets.read()).filter((name) => {
    const rotated = rotatedName(name)
    return rotated !== null && owners.some((owner) => rotated.startsWith(`${owner}__`))
  })
  if (names.length > 0) await secrets.remove(names, signal)
}
