import type { LedgerEntry } from '../model/actual.ts'
import type { ComposeProject } from '../model/compose-project.ts'
import type { Desired, DesiredStacklet } from '../model/desired.ts'
import type { StackletId } from '../model/names.ts'
import type { Problem } from '../model/problem.ts'
import type { Stacklet } from '../model/stacklet.ts'
import type { ComposeAnswer, ComposeComplaint } from '../ports/compose.ts'
import type { World } from '../ports/world.ts'
import { eachAtOnce } from './each-at-once.ts'
import { hasLostPins, withNeededPins } from './needed-pins.ts'
import { withClashes } from './with-clashes.ts'
import { withRolledBack } from './with-rolled-back.ts'
import { withoutSecrets } from './without-secrets.ts'

/**
 * Fills in what Compose makes of each stacklet's file, or its last good version where git's is quarantined. A stacklet whose content and inputs are those of the ledger was
 * resolved when they were applied, and is not resolved again; nor is one that this run is not for.
 */
export async function resolveProjects(
  world: World,
  desired: Desired,
  known: Known,
  signal: AbortSignal,
): Promise<Desired> {
  const { stacklets: effective } = await withRolledBack(world, desired)
  const pinned = await withNeededPins(world, effective, known.ledger, signal)
  const pins = new Map(pinned.map((one) => [one.id, one]))
  const resolved = await eachAtOnce(effective, desired.pace.concurrency, async (wanted) => {
    if (wanted.rolledBack !== null) return wanted
    const needed = pins.get(wanted.id) ?? wanted
    const applied = appliedProject(wanted, known.ledger[wanted.id])
    if (applied !== undefined && !hasLostPins(needed, known.ledger)) return { ...wanted, project: applied }
    const isAsked = needsProject(wanted) && (known.only?.has(wanted.id) ?? true)
    if (!isAsked) return wanted
    return withAnswer(wanted, await askCompose(world, known.instance, needed, signal))
  })
  const stacklets = withClashes(resolved, known.ledger)
  const found = stacklets.flatMap((one) => one.problems).filter((problem) => !desired.problems.includes(problem))
  return { ...desired, stacklets, problems: [...desired.problems, ...found] }
}

interface Known {
  readonly instance: string | null
  readonly ledger: Readonly<Record<string, LedgerEntry>>
  /** Null or absent: everybody. */
  readonly only?: ReadonlySet<StackletId> | null
}

function appliedProject(wanted: DesiredStacklet, entry: LedgerEntry | undefined): ComposeProject | null | undefined {
  if (entry === undefined || wanted.content !== entry.content) return undefined
  const names = Object.keys(wanted.inputs)
  const isSame =
    names.length === Object.keys(entry.inputs).length &&
    names.every((name) => wanted.inputs[name] === entry.inputs[name])
  return isSame ? entry.project : undefined
}

function needsProject(wanted: DesiredStacklet): boolean {
  return wanted.state !== 'absent' && wanted.stacklet.compose !== null && !wanted.problems.some(isError)
}

function isError(problem: Problem): boolean {
  return problem.level === 'error'
}

/** Asks Compose about one stacklet as it would be applied with its values of now. */
export async function askCompose(
  world: World,
  instance: string | null,
  wanted: DesiredStacklet,
  signal: AbortSignal,
): Promise<ComposeAnswer> {
  const { directory } = await world.files.paths(wanted.id)
  const values = Object.fromEntries(wanted.env.values.map(({ name, text }) => [name, text.reveal()]))
  const labels = { 'stack.instance': instance ?? '', 'stack.stacklet': wanted.id }
  const answer = await world.compose.resolve(
    { id: wanted.id, directory, text: wanted.stacklet.compose ?? '', values, labels, locked: wanted.locked },
    signal,
  )
  return answer.kind === 'resolved' ? { ...answer, project: withoutSecrets(answer.project, wanted.env) } : answer
}

function withAnswer(wanted: DesiredStacklet, answer: ComposeAnswer): DesiredStacklet {
  if (answer.kind === 'resolved') return { ...wanted, project: answer.project }
  const problems = answer.complaints.map((complaint) => problemOf(complaint, wanted.stacklet))
  return { ...wanted, problems: [...wanted.problems, ...problems] }
}

export function problemOf({ code, message, hint, line, column }: ComposeComplaint, stacklet: Stacklet): Problem {
  const at = { file: `${stacklet.path}/docker-compose.yml`, line, column }
  return { level: 'error', code, message, hint, at, about: stacklet.id }
}
