import { containersOf } from '../../plan/ownership.ts'
import { secretsOf } from '../../plan/secrets-of.ts'
import type { Step } from '../../plan/step.ts'
import type { StepContext } from '../run-context.ts'

/** Deletes what a stacklet leaves behind: its data, the volumes that Compose made for it, and its own secrets. */
export async function purgeData(step: Extract<Step, { kind: 'purge-data' }>, context: StepContext): Promise<void> {
  const { world, desired, actual, signal, say } = context
  const id = step.stacklet
  const seen = containersOf(id, actual).find((one) => one.project !== null)?.project
  const project = actual.ledger[id]?.project?.name ?? seen ?? `stack-${id}`
  const volumes = await world.engine.discard({ kind: 'volumes', project }, signal)
  const at = new Date(world.clock.nowMs())
  const hadData = await world.demolition.purgeData(id, desired.settings.core.dataDir, at)
  const ids = [...desired.stacklets, ...desired.undeclared].map((one) => one.id)
  const secrets = secretsOf(id, Object.keys(await world.secrets.read()), ids)
  await world.secrets.remove(secrets, signal)
  const gone = [...(hadData ? ['data'] : []), ...volumes.map((name) => `volume ${name}`), ...secrets]
  say(gone.length === 0 ? `${id} had nothing left` : `gone for good: ${gone.join(', ')}`)
}
