import type { RolledBack } from '../../model/desired.ts'
import type { Step } from '../../plan/step.ts'
import type { StepContext } from '../run-context.ts'
import { startAgain } from './start-again.ts'
import { startBeside } from './start-beside.ts'
import { writeDocument } from './write-document.ts'

/** What creating and starting may take beside becoming healthy. */
const composeAllowanceMs = 300_000

type BringUp = Extract<Step, { kind: 'start' | 'replace' }>

/** What has merely exited is started again; all else Compose makes what the document says. */
export async function bringUp(step: BringUp, context: StepContext): Promise<void> {
  const { world, desired, applied } = context
  const data = `${desired.settings.core.dataDir}/${step.stacklet}/caddy`
  if (desired.front?.stacklet === step.stacklet) await world.proxy.prepare(desired.front, data)
  const again = step.kind === 'start' ? await startAgain(step.stacklet, context) : null
  if (again === null) await composeUp(step, context)
  else applied.set(step.stacklet, { wanted: again, document: 'as before' })
}

/** Compose decides which containers have to be made anew, beside those that the plan names. */
async function composeUp(step: BringUp, context: StepContext): Promise<void> {
  const { wanted, project, document } = await writeDocument(step.stacklet, context)
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
