import type { DesiredFrom } from '../../reconciler/loop/load-desired.ts'
import type { RunReport } from '../../reconciler/loop/outcome.ts'
import { preview } from '../../reconciler/loop/preview.ts'
import { type RunRequest, reconcile } from '../../reconciler/loop/reconcile.ts'
import type { Plan } from '../../reconciler/plan/step.ts'
import type { Box } from './fake/box.ts'
import type { Calls } from './fake/calls.ts'
import { fakeWorld, type WorldOptions } from './fake-world.ts'

/** How one process came to its end. */
export interface Ran {
  /** Null when it threw or was killed. */
  readonly report: RunReport | null
  readonly thrown: unknown
  readonly calls: Calls
}

export interface RunOptions extends WorldOptions {
  readonly yes?: boolean
  /** Nobody asked for it. */
  readonly isUnattended?: boolean
  readonly isSecondChance?: boolean
}

/** `stack reconcile` on this box, in a process of its own. */
export async function reconcileOn(
  box: Box,
  { yes = false, isUnattended = false, isSecondChance = false, ...options }: RunOptions = {},
): Promise<Ran> {
  const cancelling = new AbortController()
  const { world, calls } = fakeWorld(box, { ...options, cancel: () => cancelling.abort() })
  const request: RunRequest = { ...quietly, yes, isUnattended, isSecondChance }
  const ended = reconcile(world, request, cancelling.signal).then(
    (report) => ({ report, thrown: null, calls }),
    (thrown: unknown) => ({ report: null, thrown, calls }),
  )
  return Promise.race([ended, calls.died.then(() => ({ report: null, thrown: null, calls }))])
}

const quietly = { trigger: 'test', waitMs: 0, home: '/home/ada', isInteractive: true, watch() {}, onWait() {} } as const

/** `stack plan` on this box. */
export async function planOn(box: Box, options: WorldOptions & { readonly from?: DesiredFrom } = {}): Promise<Plan> {
  const { world } = fakeWorld(box, options)
  const request = { from: options.from ?? 'head', ids: [], home: '/home/ada' } as const
  return (await preview(world, request, new AbortController().signal)).plan
}

export function changesIn({ made }: Calls): readonly string[] {
  return made.filter((call) => call.changes).map((call) => call.name)
}
