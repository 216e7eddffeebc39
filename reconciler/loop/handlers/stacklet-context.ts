import type { DesiredStacklet } from '../../model/desired.ts'
import type { StackletId } from '../../model/names.ts'
import type { StackletContext } from '../../ports/hook-host.ts'
import { readHostValues } from '../load-desired.ts'
import { renderedNow, type StepContext } from '../run-context.ts'

/** A stacklet that is no longer listed still has its directory, and its on_stop. */
export async function hookOwner(id: StackletId, context: StepContext): Promise<DesiredStacklet> {
  const owner = await ownerOrNull(id, context)
  if (owner === null) throw new Error(`a step names a hook of ${id}, which has no directory`)
  return owner
}

/** Null when its directory is gone from git. */
export async function ownerOrNull(id: StackletId, context: StepContext): Promise<DesiredStacklet | null> {
  if (context.desired.stacklets.some((one) => one.id === id)) return renderedNow(context, id)
  return context.loaded.everyStacklet().find((one) => one.id === id) ?? null
}

/** The same in the middle of a run: what earlier hooks of it wrote is already told. */
export async function contextNow(wanted: DesiredStacklet, { world, loaded }: StepContext): Promise<StackletContext> {
  return stackletContext(wanted, { world, desired: loaded.renderedWith(await readHostValues(world)) })
}

/** What a stacklet's own programs are told of what is desired. */
export async function stackletContext(
  wanted: DesiredStacklet,
  { world, desired }: Pick<StepContext, 'world' | 'desired'>,
): Promise<StackletContext> {
  const { settings, users } = desired
  return {
    env: Object.fromEntries(wanted.env.values.map(({ name, text }) => [name, text])),
    secrets: await world.secrets.read(),
    users,
    settings: settings.tables,
    dataDir: settings.core.dataDir,
    domain: settings.core.domain,
  }
}
