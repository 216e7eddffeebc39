import type { Step } from '../../plan/step.ts'
import type { StepContext } from '../run-context.ts'
import { writeDocument } from './write-document.ts'

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>

export async function pullImage(step: StepOf<'pull-image'>, context: StepContext): Promise<void> {
  const { project } = await writeDocument(step.stacklet, context)
  await context.world.compose.pull(project, step.services, context.signal)
}

export async function buildImage(step: StepOf<'build-image'>, context: StepContext): Promise<void> {
  const { project } = await writeDocument(step.stacklet, context)
  await context.world.compose.build(project, step.services, context.signal)
}
