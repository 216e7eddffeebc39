import type { Diagnosis } from '../../reconciler/index.ts'
import type { Style, Terminal } from '../terminal.ts'
import { document } from './json.ts'

/** A line a check, what to do below it, and what was mended. */
export function diagnosisLines({ checks, mended }: Diagnosis, { paint }: Pick<Terminal, 'paint'>): readonly string[] {
  const width = Math.max(...checks.map(({ name }) => name.length))
  const lines = checks.flatMap(({ name, level, message, hint }) => {
    const line = `${paint(styles[level], level.padEnd(7))}  ${name.padEnd(width)}  ${message}`
    return hint === null ? [line] : [line, `    ${hint}`]
  })
  const done = mended.map(({ isDone, message }) =>
    isDone ? `${paint('green', 'mended:')} ${message}` : `${paint('red', 'not mended:')} ${message}`,
  )
  return [...(done.length === 0 ? [] : [...done, '']), ...lines, '', summaryOf(checks)]
}

const styles: Readonly<Record<Diagnosis['checks'][number]['level'], Style>> = {
  ok: 'green',
  warning: 'yellow',
  error: 'red',
}

function summaryOf(checks: Diagnosis['checks']): string {
  const [errors, warnings] = (['error', 'warning'] as const).map((level) => checks.filter((one) => one.level === level))
  if (errors?.length === 0 && warnings?.length === 0) return `All is well: ${checks.length} checks.`
  const counted = `${counting(errors?.length ?? 0, 'error')}, ${counting(warnings?.length ?? 0, 'warning')}`
  const canFix = checks.some(({ mends }) => mends.length > 0)
  return canFix ? `${counted}; stack doctor --fix mends what it can.` : `${counted}.`
}

function counting(count: number, word: string): string {
  return `${count} ${count === 1 ? word : `${word}s`}`
}

export function diagnosisDocument({ checks, mended }: Diagnosis): string {
  return document({
    ok: checks.every(({ level }) => level !== 'error'),
    checks: checks.map(({ mends, ...check }) => ({ ...check, fixable: mends.length > 0 })),
    mended: mended.map(({ name, isDone, message }) => ({ name, done: isDone, message })),
  })
}
