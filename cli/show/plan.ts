import { type Preview, renderPlan, riskOf, stackletOf, summarise } from '../../reconciler/index.ts'
import type { Terminal } from '../terminal.ts'
import { document } from './json.ts'

/** A plan for a person; quiet when there is nothing to do. */
export function planLines({ plan, desired }: Preview, { paint }: Terminal): readonly string[] {
  const lines = renderPlan(plan).map((line) => (/^\S/.test(line) && !line.startsWith('!') ? paint('bold', line) : line))
  const place = desired.revision === null ? 'the work tree' : desired.revision.slice(0, 7)
  const at = desired.dirty && desired.revision !== null ? `${place} and uncommitted edits` : place
  if (plan.steps.length > 0) return [...lines, '', `Plan for ${desired.host} at ${at}: ${summarise(plan)}.`]
  const count = desired.stacklets.length
  const summary = `Nothing to do: ${count} ${count === 1 ? 'stacklet matches' : 'stacklets match'} ${at}.`
  return lines.length === 0 ? [summary] : [...lines, '', summary.replace(/: .*/, ', but see above.')]
}

/** Where the plan lies that was sealed, and how it is executed. */
export function sealedLine(file: string): string {
  return `Sealed in ${file}: stack up --plan ${file} does exactly this, or nothing.`
}

export function planDocument({ plan, desired }: Preview): string {
  return document({
    host: desired.host,
    revision: desired.revision,
    dirty: desired.dirty,
    empty: plan.steps.length === 0,
    steps: plan.steps.map(({ id, step, after, changes, digest }) => ({
      id,
      kind: step.kind,
      stacklet: stackletOf(step),
      because: step.because,
      risk: riskOf(step),
      after,
      changes,
      digest,
    })),
    notes: plan.notes,
  })
}
