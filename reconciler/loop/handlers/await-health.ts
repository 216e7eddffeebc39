import { hookFiles } from '../../lib/hook-files.ts'
import type { LedgerEntry, ObservedContainer } from '../../model/actual.ts'
import type { DesiredStacklet } from '../../model/desired.ts'
import { StackError } from '../../model/errors.ts'
import type { HookEvent } from '../../model/hook.ts'
import type { Secret } from '../../model/secret.ts'
import { containersOf } from '../../plan/ownership.ts'
import { situationOf } from '../../plan/situation.ts'
import type { Step } from '../../plan/step.ts'
import { startsMainContainer } from '../../plan/upcoming.ts'
import type { EngineLook, EngineQuestion } from '../../ports/container-engine.ts'
import { entryFor, entryQuestion } from '../ledger-entry.ts'
import { askCompose } from '../resolve-projects.ts'
import { renderedNow, type StepContext } from '../run-context.ts'
import { superseded } from '../superseded.ts'
import { judge, type Verdict } from '../verdict.ts'

const firstPauseMs = 100
const longestPauseMs = 1_000
const probeMs = 5_000
/** After this long a person wants to know what is being waited for. */
const patienceMs = 5_000
/** Without any check to pass, a container has at least survived this long. */
const settleMs = 300

/** Waits until a stacklet is well, then notes in the ledger what that looks like. A verdict that cannot change ends the wait. */
export async function awaitHealth(step: Extract<Step, { kind: 'await-health' }>, context: StepContext): Promise<void> {
  const { world } = context
  const wanted = context.applied.get(step.stacklet)?.wanted ?? (await renderedNow(context, step.stacklet))
  const deadlineMs = world.clock.nowMs() + wanted.health.timeoutMs
  await untilWell(wanted, deadlineMs, context)
  const { look, containers } = await lookAt(wanted, context, entryQuestion(wanted))
  const { revision } = context.desired
  const application = { revision, nowMs: world.clock.nowMs(), owes: owedBy(wanted, context) }
  const entry = entryFor(wanted, look, containers, application)
  await keepGood(wanted, entry, context)
  await world.ledger.write(entry)
}

/** What was found well is what a later version that is not goes back to. */
async function keepGood(wanted: DesiredStacklet, { images }: LedgerEntry, context: StepContext): Promise<void> {
  const { world, desired } = context
  if (wanted.rolledBack !== null) return
  const document = await documentOf(wanted, context)
  if (document !== 'as before') await world.good.save({ wanted, revision: desired.revision, images, document })
}

async function documentOf(wanted: DesiredStacklet, context: StepContext): Promise<Secret | null | 'as before'> {
  const applied = context.applied.get(wanted.id)
  if (applied !== undefined || wanted.project === null) return applied?.document ?? null
  const answer = await askCompose(context.world, context.instance, wanted, context.signal)
  return answer.kind === 'resolved' ? answer.document : null
}

/** A start owes on_start_ready until that hook ended well; the ledger says so before it runs. */
function owedBy(wanted: DesiredStacklet, { desired, actual }: StepContext): readonly HookEvent[] {
  const situation = situationOf(wanted, desired, actual)
  if (!startsMainContainer(situation)) return situation.entry?.owes ?? []
  return hookFiles('on_start_ready', Object.keys(wanted.stacklet.files)).length > 0 ? ['on_start_ready'] : []
}

async function untilWell(wanted: DesiredStacklet, deadlineMs: number, context: StepContext): Promise<void> {
  const { world, signal } = context
  const beganMs = world.clock.nowMs()
  const { containers: first } = await lookAt(wanted, context)
  const tellOnce = eachOnce((why) => context.say(`still waiting: ${why}`))
  for (let pauseMs = firstPauseMs, containers = first; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const verdict = await verdictOn(wanted, containers, first, context)
    if (verdict.kind === 'sick') throw await sickness(wanted, verdict, context)
    const hasSettled = isWatched(wanted) || world.clock.nowMs() - beganMs >= settleMs
    if (verdict.kind === 'well' && hasSettled) return
    if (world.clock.nowMs() >= deadlineMs) throw await lateness(wanted, verdict, containers, context)
    if (world.clock.nowMs() - beganMs >= patienceMs) tellOnce(verdict.why)
    await world.clock
      .sleep(pauseMs, AbortSignal.any([signal, context.superseded]))
      .catch(unlessSuperseded(wanted, context))
    containers = (await lookAt(wanted, context)).containers
  }
}

function unlessSuperseded({ id }: DesiredStacklet, { signal, superseded: newer }: StepContext) {
  return (thrown: unknown): never => {
    throw !signal.aborted && newer.aborted ? superseded(`waiting for ${id}`) : thrown
  }
}

function eachOnce(tell: (text: string) => void): (text: string) => void {
  const told = new Set<string>()
  return (text) => {
    if (!told.has(text)) tell(text)
    told.add(text)
  }
}

/** Whether some check of its own says when this stacklet is well. */
function isWatched(wanted: DesiredStacklet): boolean {
  return wanted.health.checks.length > 0 || (wanted.project?.services ?? []).every((service) => service.hasHealthcheck)
}

async function lookAt(
  wanted: DesiredStacklet,
  { world, instance, actual, signal }: StepContext,
  more: Partial<EngineQuestion> = {},
): Promise<{ readonly look: Omit<EngineLook, 'containers'>; readonly containers: readonly ObservedContainer[] }> {
  if (wanted.project === null) return { look: actual, containers: [] }
  const look = await world.engine.look({ ...more, instance: null, projects: [wanted.project.name] }, signal)
  return { look, containers: containersOf(wanted.id, { ...actual, instance, containers: look.containers }) }
}

async function verdictOn(
  wanted: DesiredStacklet,
  containers: readonly ObservedContainer[],
  first: readonly ObservedContainer[],
  { world, signal }: StepContext,
): Promise<Verdict> {
  const looks = { first, now: containers, nowMs: world.clock.nowMs() }
  const verdict = judge(wanted.project?.services ?? [], looks)
  if (verdict.kind !== 'well') return verdict
  const answers = await Promise.all(
    wanted.health.checks.map(async (check) => ({ check, answer: await world.prober.ask(check, probeMs, signal) })),
  )
  const failed = answers.find(({ answer }) => !answer.passed)
  if (failed === undefined) return verdict
  const hint = failed.check.hint === null ? '' : ` (${failed.check.hint})`
  return { kind: 'unsettled', why: `${failed.check.label} ${failed.answer.why}${hint}`, container: null }
}

async function sickness(wanted: DesiredStacklet, verdict: Verdict, context: StepContext): Promise<StackError> {
  return new StackError('STACK_UNHEALTHY', `${wanted.id} is not healthy: ${verdict.why}`, {
    hint: `read its last lines above, mend ${wanted.stacklet.path} and commit`,
    output: await linesOf(verdict, context),
  })
}

async function lateness(
  wanted: DesiredStacklet,
  verdict: Verdict,
  containers: readonly ObservedContainer[],
  context: StepContext,
): Promise<StackError> {
  const seconds = Math.round(wanted.health.timeoutMs / 1000)
  const suspect = verdict.container ?? (containers.length === 1 ? (containers[0] ?? null) : null)
  return new StackError('STACK_UNHEALTHY', `${wanted.id} is not healthy after ${seconds} s: ${verdict.why}`, {
    hint: lateHint(wanted, verdict),
    output: await linesOf({ ...verdict, container: suspect }, context),
  })
}

/** What usually helps, by what the check got to see. */
function lateHint({ id, stacklet }: DesiredStacklet, { why }: Verdict): string {
  const logs = `stack logs ${id} shows what it prints`
  const manifest = `${stacklet.path}/stacklet.toml`
  if (/ answered \d/.test(why)) return `correct url or expect under [health] of ${manifest}; ${logs}`
  if (/connection (?:was closed|refused)/.test(why)) {
    return `does ports: in ${stacklet.path}/docker-compose.yml lead to the port it listens on? ${logs}`
  }
  return `${logs}; or give it longer: timeout under [health] of ${manifest}`
}

async function linesOf(verdict: Verdict, { world, signal }: StepContext): Promise<readonly string[]> {
  if (verdict.container === null) return []
  return world.engine.lastLines(verdict.container.id, 10, signal).catch(() => [])
}
