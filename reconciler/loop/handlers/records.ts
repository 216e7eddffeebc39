import { Secret } from '../../model/secret.ts'
import { clearStanding } from '../../model/standing.ts'
import { envFileText } from '../../plan/env-file.ts'
import type { Step } from '../../plan/step.ts'
import { remember } from '../remember.ts'
import { renderedNow, type StepContext } from '../run-context.ts'
import { shapeOfSecret } from '../secret-shape.ts'

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>

export async function createNetwork(
  step: StepOf<'create-network'>,
  { world, instance, signal }: StepContext,
): Promise<void> {
  await world.engine.createNetwork(step.network, { 'stack.instance': instance }, signal)
}

export async function writeSecrets(step: StepOf<'write-secrets'>, { world, signal }: StepContext): Promise<void> {
  const wanted = step.names.map((name) => ({ name, shape: shapeOfSecret(name) }))
  await world.secrets.ensure(wanted, signal)
}

export async function writeEnv(step: StepOf<'write-env'>, context: StepContext): Promise<void> {
  const fresh = await renderedNow(context, step.stacklet)
  await context.world.files.write('env', step.stacklet, new Secret(envFileText(fresh)))
}

export async function finishSetup(step: StepOf<'finish-setup'>, { world }: StepContext): Promise<void> {
  const at = new Date(world.clock.nowMs()).toISOString()
  await world.files.write('marker', step.stacklet, new Secret(`${at}\n`))
  await world.files.remove('progress', step.stacklet)
}

export async function trashData(step: StepOf<'trash-data'>, { world, desired, say }: StepContext): Promise<void> {
  const where = await world.files.trash(step.stacklet, desired.settings.core.dataDir, new Date(world.clock.nowMs()))
  if (where !== null) say(`data of ${step.stacklet} is now in ${where}`)
}

/** What no look sees goes first: as long as something is left, a later run knows that there is something to forget. */
export async function forget(step: StepOf<'forget'>, { world }: StepContext): Promise<void> {
  for (const file of ['document', 'hook', 'services', 'progress', 'marker', 'env'] as const)
    await world.files.remove(file, step.stacklet)
  await world.good.forget(step.stacklet)
  await remember(world, (all) => (all[step.stacklet] ? [clearStanding(step.stacklet)] : []))
  await world.ledger.forget(step.stacklet)
}
