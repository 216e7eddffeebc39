import { assertNever } from '../lib/assert-never.ts'
import { shortReference } from '../lib/image-reference.ts'
import { renderChange, widest } from './render-change.ts'
import { type Note, type Plan, type PlannedStep, type Step, stackletOf } from './step.ts'

/**
 * A plan as text, one line an entry, grouped by stacklet: a glyph (+ made, ~ changed in place, ± made anew, - taken away,
 * · looked after, ! for a person), what is done, and why. Looks right in 80 columns without colour.
 */
export function renderPlan({ steps, notes }: Plan): readonly string[] {
  const groups = [...new Set(steps.map((one) => stackletOf(one.step)))]
  const parts = groups.map((stacklet) => [
    stacklet ?? 'this host',
    ...steps.filter((one) => stackletOf(one.step) === stacklet).flatMap(renderStep),
  ])
  const lines = parts.flatMap((part, index) => (index === 0 ? part : ['', ...part]))
  if (notes.length === 0) return lines
  return [...lines, ...(lines.length > 0 ? [''] : []), ...notes.flatMap(renderNote)]
}

function renderStep({ step, changes }: PlannedStep): readonly string[] {
  const words = `  ${glyphOf(step)} ${[step.kind, ...objectOf(step)].join(' ')}`
  const about = 'container' in step ? step.container : null
  return [
    ...(words.length < reasonColumn ? [words.padEnd(reasonColumn) + step.because] : withReason(words, step.because)),
    ...changes.flatMap((change) => renderChange(change, { because: step.because, container: about })),
  ]
}

/** Where the reasons stand, one below the other. */
const reasonColumn = 33

function withReason(words: string, because: string): readonly string[] {
  const line = `${words}  ${because}`
  return line.length <= widest ? [line] : [words, ' '.repeat(reasonColumn) + because]
}

function objectOf(step: Step): readonly string[] {
  switch (step.kind) {
    case 'create-network':
    case 'merge-networks':
      return [step.network]
    case 'write-secrets':
      return step.names.map((name) => name.replace(`${step.stacklet}__`, ''))
    case 'run-hook':
      return [step.hook]
    case 'start-service':
    case 'stop-service':
      return [step.service]
    case 'pull-image':
      return [shortReference(step.image)]
    case 'build-image':
    case 'replace':
      return step.services
    case 'rename':
      return [step.container, 'to', step.to]
    case 'reconnect':
    case 'update':
    case 'restart':
    case 'remove-orphan':
    case 'remove-foreign':
      return [step.container]
    case 'replace-network':
      return [step.network]
    case 'replace-volume':
      return [step.volume]
    default:
      return []
  }
}

function renderNote({ kind, message, hint }: Note): readonly string[] {
  return [`! ${kind}: ${message}`, `    ${hint}`]
}

/** What a step does at a glance. */
function glyphOf(step: Step): string {
  switch (step.kind) {
    case 'create-network':
    case 'write-secrets':
    case 'pull-image':
    case 'build-image':
    case 'start-service':
    case 'finish-setup':
      return '+'
    case 'start':
      return step.because === 'stopped' || step.because === 'not confirmed' ? '~' : '+'
    case 'write-env':
      return step.because === 'missing' ? '+' : '~'
    case 'merge-networks':
    case 'unpause':
    case 'pause':
    case 'rename':
    case 'reconnect':
    case 'update':
    case 'restart':
      return '~'
    case 'replace':
    case 'hand-over':
    case 'replace-network':
    case 'replace-volume':
      return '±'
    case 'stop':
    case 'stop-service':
    case 'unroute':
    case 'remove':
    case 'remove-orphan':
    case 'remove-foreign':
    case 'trash-data':
    case 'purge-data':
    case 'forget':
      return '-'
    case 'route':
      return step.because === 'missing' ? '+' : '~'
    case 'restore-routes':
      return '~'
    case 'await-health':
    case 'check-route':
    case 'run-hook':
      return '·'
    default:
      return assertNever(step)
  }
}

const repairs: readonly string[] = ['merge-networks', 'rename', 'reconnect', 'update']

/** `1 to start, 2 to replace`: counts of what a person cares about, in the order of the steps. */
export function summarise({ steps }: Plan): string {
  const counted = ['start', 'restart', 'replace', 'unpause', 'pause', 'stop', 'remove'] as const
  const repaired = steps.filter(({ step }) => repairs.includes(step.kind)).length
  const words = counted.map((kind) => [kind, steps.filter((one) => one.step.kind === kind).length] as const)
  const told = [...words, ['put right', repaired] as const]
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} to ${kind}`)
  const all = `${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`
  return told.length === 0 ? all : `${all}: ${told.join(', ')}`
}
