import type { DesiredStacklet, RolledBack } from '../../model/desired.ts'
import { StackError } from '../../model/errors.ts'
import type { StackletId } from '../../model/names.ts'
import type { Secret } from '../../model/secret.ts'
import type { AppliedProject, ComposeComplaint } from '../../ports/compose.ts'
import { withNeededPins } from '../needed-pins.ts'
import { askCompose, problemOf } from '../resolve-projects.ts'
import { renderedNow, type StepContext } from '../run-context.ts'

export interface WrittenDocument {
  readonly wanted: DesiredStacklet
  readonly project: AppliedProject
  readonly document: Secret | null
}

/** Resolves a stacklet with its values of now and writes the document that Compose runs from. */
export async function writeDocument(id: StackletId, context: StepContext): Promise<WrittenDocument> {
  const { world, signal } = context
  const fresh = await renderedNow(context, id)
  if (fresh.rolledBack !== null) return writeGood(fresh, fresh.rolledBack, context)
  const [pinned = fresh] = await withNeededPins(world, [fresh], context.actual.ledger, signal)
  const answer = await askCompose(world, context.instance, pinned, signal)
  if (answer.kind === 'refused') throw refusal(fresh, answer.complaints)
  await world.files.write('document', id, answer.document)
  const { directory, document } = await world.files.paths(id)
  const wanted = { ...fresh, project: answer.project }
  const project = { name: answer.project.name, documentPath: document, directory }
  return { wanted, project, document: answer.document }
}

/** The document of the last good version, as it was applied then. */
async function writeGood(
  wanted: DesiredStacklet,
  { document: text }: RolledBack,
  { world }: StepContext,
): Promise<WrittenDocument> {
  if (text !== null) await world.files.write('document', wanted.id, text)
  const { directory, document } = await world.files.paths(wanted.id)
  return { wanted, document: text, project: { name: wanted.project?.name ?? '', documentPath: document, directory } }
}

function refusal(wanted: DesiredStacklet, complaints: readonly ComposeComplaint[]): StackError {
  const problems = complaints.map((complaint) => problemOf(complaint, wanted.stacklet))
  const first = problems[0]
  return new StackError('STACK_COMPOSE_FAILED', `${wanted.id}: ${first?.message ?? 'Compose refuses its file'}`, {
    hint: first?.hint ?? 'run stack validate',
    at: first?.at ?? undefined,
  })
}
