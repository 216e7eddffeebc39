import { loadDesired } from '../reconciler/loop/load-desired.ts'
import { preview } from '../reconciler/loop/preview.ts'
import type { World } from '../reconciler/ports/world.ts'
import { wireWorld } from '../reconciler/wiring.ts'

/** What a daemon does again and again, without the start of a process around it: read what is committed, look, plan. */
export interface InProcess {
  readonly world: World
  /** Throws where there is something to do. */
  readonly look: () => Promise<void>
}

export async function inProcess(
  instance: string,
  env: NodeJS.ProcessEnv,
  parts: Partial<World> = {},
): Promise<InProcess> {
  const wired = await wireWorld({ place: { instance, root: instance }, env, isInteractive: false })
  const world = { ...wired, ...parts }
  const { signal } = new AbortController()
  const request = { from: 'head', ids: [], home: env['HOME'] ?? '/root' } as const
  return {
    world,
    async look() {
      const { plan } = await preview(world, request, signal)
      if (plan.steps.length > 0)
        throw new Error(`there is something to do: ${plan.steps.map(({ id }) => id).join(', ')}`)
    },
  }
}

export async function desiredOf({ world }: InProcess, home: string) {
  return (await loadDesired(world, 'head', home, new AbortController().signal)).desired
}
