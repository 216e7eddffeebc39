import { hookFiles } from '../../lib/hook-files.ts'
import { type HookEvent, onceOnly, type StartedHook } from '../../model/hook.ts'
import type { StackletId } from '../../model/names.ts'
import { Secret } from '../../model/secret.ts'
import type { Step } from '../../plan/step.ts'
import type { StepContext } from '../run-context.ts'
import { contextNow, hookOwner } from './stacklet-context.ts'

/** Runs one hook with the values of now, and notes that it ended well: it never runs again for the same occasion. */
export async function runHook(step: Extract<Step, { kind: 'run-hook' }>, context: StepContext): Promise<void> {
  const { world, desired, signal, say } = context
  const wanted = await hookOwner(step.stacklet, context)
  const [path] = hookFiles(step.hook, Object.keys(wanted.stacklet.files))
  if (path === undefined) return
  const directory = wanted.rolledBack?.directory ?? (await world.files.paths(step.stacklet)).directory
  const request = {
    id: step.stacklet,
    event: step.hook,
    file: `${directory}/${path}`,
    context: await contextNow(wanted, context),
    timeoutMs: desired.settings.hooks.timeoutMs,
    onLine: say,
    onStarted: (started: StartedHook) =>
      world.files.write('hook', step.stacklet, new Secret(`${JSON.stringify(started)}\n`)),
  }
  const ran = world.hooks.run(request, signal).finally(() => world.files.remove('hook', step.stacklet))
  await (leaving.includes(step.hook) ? ran.catch((error) => goOn(error, step.hook, context)) : ran)
  await noteFinished(step.stacklet, step.hook, context)
}

/** What leaves must be able to leave: a helper of the stacklet that is broken holds nothing back. */
const leaving: readonly HookEvent[] = ['on_stop', 'on_destroy']

function goOn(error: unknown, event: HookEvent, { world, signal, say }: StepContext): void {
  signal.throwIfAborted()
  const words = error instanceof Error ? error.message : String(error)
  world.log.warn('a hook failed, and what it belongs to goes on', { event, error: words })
  say(`${words}; going on without ${event}`)
}

async function noteFinished(id: StackletId, event: HookEvent, { world, desired }: StepContext): Promise<void> {
  if (onceOnly.includes(event)) {
    const finished = (await world.files.look([id], desired.settings.core.dataDir))[id]?.finishedHooks ?? []
    await world.files.write('progress', id, new Secret(`${[...finished, event].join('\n')}\n`))
  }
  const entry = (await world.ledger.read()).entries[id]
  if (entry?.owes.includes(event)) {
    await world.ledger.write({ ...entry, owes: entry.owes.filter((owed) => owed !== event) })
  }
}
