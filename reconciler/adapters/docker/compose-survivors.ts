import { createHash } from 'node:crypto'
import type { AppliedProject } from '../../ports/compose.ts'
import { endByEnvironment } from '../process/end-by-environment.ts'

const graceMs = 5_000

/** What a Compose that changes something is started with, so that it is found again when we were killed and it was not. */
export function marksOf(project: AppliedProject): Record<string, string> {
  return { STACK_COMPOSE_MARK: markOf(project), STACK_COMPOSE_PARENT: String(process.pid) }
}

/** Ends what a killed run left at work on this project: two Composes on one project undo each other. Ours are left alone. */
export function endSurvivors(project: AppliedProject): Promise<void> {
  const mark = `STACK_COMPOSE_MARK=${markOf(project)}`
  const ours = `STACK_COMPOSE_PARENT=${process.pid}`
  return endByEnvironment((environment) => environment.includes(mark) && !environment.includes(ours), graceMs)
}

/** The directory tells instances apart that have a project of one name. */
function markOf({ name, directory }: AppliedProject): string {
  return createHash('sha256').update(`${directory}\n${name}`).digest('hex').slice(0, 16)
}
