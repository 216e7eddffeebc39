import { type Claimant, checkClaims } from '../definitions/check-claims.ts'
import { checkConventions } from '../definitions/check-conventions.ts'
import type { DesiredStacklet } from '../model/desired.ts'
import { StackError } from '../model/errors.ts'
import type { Problem } from '../model/problem.ts'
import type { World } from '../ports/world.ts'
import { eachAtOnce } from './each-at-once.ts'
import { loadDesired } from './load-desired.ts'
import { askCompose, problemOf } from './resolve-projects.ts'

/** Compose calls under way at once. */
const lanes = 4

/** Every complaint about every file of the instance, declared or not, at once. Needs no engine and changes nothing. */
export async function validate(world: World, home: string, signal: AbortSignal): Promise<readonly Problem[]> {
  const { desired, everyStacklet, everyWarning } = await loadDesired(world, 'work-tree', home, signal)
  const all = everyStacklet()
  const answers = await eachAtOnce(all, lanes, (wanted) => composeAnswer(world, wanted, signal))
  const isNews = (warning: Problem): boolean => !desired.problems.some((one) => isSame(one, warning))
  return [
    ...desired.problems,
    ...everyWarning().filter(isNews),
    ...answers.flatMap((answer) => answer.problems),
    ...checkClaims(answers.flatMap((answer) => answer.claimant ?? [])),
    ...all.flatMap((wanted) => checkConventions(wanted, desired.settings.core.dataDir)),
  ].sort(byPlace)
}

/** What is declared was rendered twice: as declared, and as one of all. */
function isSame(one: Problem, other: Problem): boolean {
  return one.message === other.message && byPlace(one, other) === 0
}

interface Checked {
  readonly problems: readonly Problem[]
  /** Null for what has no Compose file, and for what Compose cannot make anything of. */
  readonly claimant: Claimant | null
}

async function composeAnswer(world: World, wanted: DesiredStacklet, signal: AbortSignal): Promise<Checked> {
  const { stacklet } = wanted
  if (stacklet.compose === null || wanted.problems.some(isAboutCompose)) return { problems: [], claimant: null }
  try {
    const answer = await askCompose(world, null, wanted, signal)
    if (answer.kind === 'resolved') return { problems: [], claimant: { stacklet, project: answer.project } }
    return { problems: answer.complaints.map((complaint) => problemOf(complaint, stacklet)), claimant: null }
  } catch (thrown) {
    if (!(thrown instanceof StackError) || thrown.code !== 'STACK_COMPOSE_MISSING') throw thrown
    return { problems: [unchecked(wanted, thrown)], claimant: null }
  }
}

/** Complained about already, when the file was read. */
function isAboutCompose({ level, code }: Problem): boolean {
  return level === 'error' && code === 'compose'
}

function unchecked(wanted: DesiredStacklet, cause: StackError): Problem {
  const at = { file: `${wanted.stacklet.path}/docker-compose.yml`, line: 0, column: 0 }
  return {
    level: 'warning',
    code: 'compose',
    message: `only its YAML was checked: ${cause.message}`,
    hint: cause.hint,
    at,
    about: wanted.id,
  }
}

function byPlace(one: Problem, other: Problem): number {
  const [left, right] = [one.at, other.at]
  if (left === null || right === null) return Number(left !== null) - Number(right !== null)
  if (left.file !== right.file) return left.file < right.file ? -1 : 1
  return left.line - right.line || left.column - right.column
}
