import type { ReportedError, RunEvent } from '../../reconciler/index.ts'
import type { Terminal } from '../terminal.ts'

/** One line of progress for what just happened, none for what a person need not see. */
export function progressLines(event: RunEvent): readonly string[] {
  switch (event.kind) {
    case 'step-started':
      return [`  ${event.step} …`]
    case 'step-finished':
      return [`  ${event.step} done (${seconds(event.ms)})`]
    case 'step-failed':
      return [`  ${event.step} failed: ${event.error.message}`, ...outputOf(event.error)]
    default:
      return commonLines(event)
  }
}

/** The same where running steps have their own lines below: what ended gets its sign. */
export function endedLines(event: RunEvent, { paint }: Pick<Terminal, 'paint'>): readonly string[] {
  switch (event.kind) {
    case 'step-started':
      return []
    case 'step-finished':
      return [`${paint('green', '✓')} ${event.step} ${paint('dim', `(${seconds(event.ms)})`)}`]
    case 'step-failed':
      return [
        `${paint('red', '✗')} ${event.step} failed after ${seconds(event.ms)}: ${event.error.message}`,
        ...outputOf(event.error),
      ]
    default:
      return commonLines(event)
  }
}

function commonLines(event: RunEvent): readonly string[] {
  switch (event.kind) {
    case 'step-progress':
      return [`    ${event.stacklet ?? 'host'} | ${event.line}`]
    case 'step-skipped':
      return [`  ${event.step} skipped: waits for ${event.waitedFor}`]
    default:
      return []
  }
}

function outputOf(error: ReportedError): readonly string[] {
  return [...error.output.map((line) => `    | ${line}`), `    ${error.hint}`]
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

const spinner = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏']
export const frameMs = 100

/** A step under way: a turning sign, its words, and since when. Long words are cut, the time stays. */
export function runningLine(
  { step, ms, columns }: { readonly step: string; readonly ms: number; readonly columns: number },
  { paint }: Pick<Terminal, 'paint'>,
): string {
  const sign = spinner[Math.floor(ms / frameMs) % spinner.length] ?? ''
  const time = `  ${Math.floor(ms / 1000)} s`
  const room = columns - 2 - time.length
  if (room < 1) return cut(step, columns)
  return `${paint('cyan', sign)} ${cut(step, room)}${paint('dim', time)}`
}

/** What does not fit among the running lines. */
export function moreLine(count: number, columns: number): string {
  return cut(`  … and ${count} more`, columns)
}

function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`
}
