import { type Occasion, type PastStep, renderPlan, type Why } from '../../reconciler/index.ts'
import type { Terminal } from '../terminal.ts'
import { document } from './json.ts'
import { toldLine } from './update.ts'

/** One screen: how it stands, what keeps it from changing, and what changed it last. */
export function whyLines(why: Why, { paint }: Pick<Terminal, 'paint'>): readonly string[] {
  const { status, revision, notes, pending, changed, failed, updates } = why
  const health = status.health === 'none' ? '' : ` and ${status.health}`
  const at = revision === null ? '' : ` (${revision.slice(0, 7)})`
  const sync = status.inSync ? 'as declared' : 'not as declared'
  return [
    `${paint('bold', status.id)} is ${status.state}${health}, ${sync}${at}`,
    ...notes.flatMap(({ kind, message, hint }) => [`! ${kind}: ${message}`, `    ${hint}`]),
    ...updates.map(toldLine),
    ...(pending.length === 0 ? [] : ['', 'A run would now do:', ...renderPlan({ steps: pending, notes: [] }).slice(1)]),
    ...(failed === null ? [] : ['', ...occasionLines('Last failed', failed)]),
    '',
    ...(changed === null ? ['Nothing that is remembered has changed it.'] : occasionLines('Last changed', changed)),
  ]
}

function occasionLines(words: string, { run, steps, subject }: Occasion): readonly string[] {
  const commit =
    run.revision === null ? '' : ` at ${run.revision.slice(0, 7)}${subject === null ? '' : ` "${subject}"`}`
  return [
    `${words} ${run.startedAt.replace('T', ' ').slice(0, 19)}${commit}`,
    `  by: ${run.trigger} (run ${run.run})`,
    ...steps.flatMap(stepLines),
  ]
}

function stepLines(step: PastStep): readonly string[] {
  const sign = { done: '·', failed: '!', skipped: '-' }[step.result]
  return [
    `  ${sign} ${[step.kind, ...step.id.split(' ').slice(2)].join(' ')}, because ${step.because}`,
    ...step.changes.map((change) => `      ${change}`),
    ...step.output.map((line) => `      | ${line}`),
    ...(step.error === null
      ? []
      : [`      ${step.error.message}`, ...step.error.output.map((line) => `      | ${line}`)]),
    ...(step.waitedFor === null ? [] : [`      waited for ${step.waitedFor}`]),
  ]
}

export function whyDocument({ status, revision, notes, pending, changed, failed, updates }: Why): string {
  const { id, state, health, inSync, hold } = status
  const steps = pending.map(({ id: step, step: { because } }) => ({ id: step, because }))
  return document({ id, state, health, inSync, hold, revision, notes, pending: steps, changed, failed, updates })
}
