import type { RolledBack } from '../../model/desired.ts'
import type { Step } from '../../plan/step.ts'
import type { StepContext } from '../run-context.ts'
import { startBeside } from './start-beside.ts'
import { writeDocument } from './write-document.ts'

/** What creating and starting may take beside becoming healthy. */
const composeAllowanceMs = 300_000

/** Makes the containers what the document says: Compose decides which have to be made anew, beside those the plan names. */
export async function bringUp(step: Extract<Step, { kind: 'start' | 'replace' }>, context: StepContext): Promise<void> {
  const { wanted, project, document } = await writeDocument(step.stacklet, context)
  const { front, settings } = context.desired
  const data = `${settings.core.dataDir}/${wanted.id}/caddy`
  if (front?.stacklet === wanted.id) await context.world.proxy.prepare(front, data)
  const isNew = step.kind === 'replace' ? await startBeside(wanted, project, context) : []
  const recreate = step.kind === 'replace' ? step.services.filter((name) => !isNew.includes(name)) : []
  if (wanted.rolledBack !== null) await takeBackImages(wanted.rolledBack, context)
  const deadlineMs = wanted.health.timeoutMs + composeAllowanceMs
  await context.world.compose.up(project, { recreate, deadlineMs }, context.signal)
  context.applied.set(step.stacklet, { wanted, document })
}

/** A tag may mean another image by now. One that is gone is fetched or built again by whoever starts it. */
async function takeBackImages({ images }: RolledBack, { world, actual, signal }: StepContext): Promise<void> {
  const moved = Object.entries(images).filter(([reference, id]) => actual.images.get(reference) !== id)
  for (const [reference, id] of moved) await world.images.tag(id, reference, signal)
}
