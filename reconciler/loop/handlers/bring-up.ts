import type { Step } from '../../plan/step.ts'
import type { StepContext } from '../run-context.ts'
import { writeDocument } from './write-document.ts'

/** What creating and starting may take beside becoming healthy. */
const composeAllowanceMs = 300_000

/** Makes the containers what the document says: Compose decides which have to be made anew, beside those the plan names. */
export async function bringUp(step: Extract<Step, { kind: 'start' | 'replace' }>, context: StepContext): Promise<void> {
  const { wanted, project } = await writeDocument(step.stacklet, context)
  const recreate = step.kind === 'replace' ? step.services : []
  const deadlineMs = wanted.health.timeoutMs + composeAllowanceMs
  await context.world.compose.up(project, { recreate, deadlineMs }, context.signal)
  context.applied.set(step.stacklet, wanted)
}
