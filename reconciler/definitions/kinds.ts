import { z } from 'zod'
import { closest } from '../lib/closest.ts'
import { faultOfCron } from '../lib/cron.ts'
import { parseDuration } from '../lib/duration.ts'
import { parseWindow } from '../lib/window.ts'
import { isStackletId, type StackletId } from '../model/names.ts'
import type { Problem, ProblemCode, SourcePosition } from '../model/problem.ts'

/** Words that values in our files are made of, each with the demand that a complaint about it states. */

export const Duration = z.string().transform((text, context) => {
  const ms = parseDuration(text)
  if (ms !== null) return ms
  return refuse(context, text, 'must be a duration such as "5m", "24h", "3d" or "0s"')
})

/** A duration that something is waited for again and again. */
export const Interval = Duration.refine((ms) => ms > 0, { error: 'must be longer than nothing' })

export const CronLine = z.string().transform((text, context) => {
  const fault = faultOfCron(text)
  if (fault === null) return text
  return refuse(context, text, 'must be a cron line with 6 fields such as "0 0 3 * * *"', fault)
})

export const WindowText = z.string().transform((text, context) => {
  if (parseWindow(text) !== null) return text
  return refuse(context, text, 'must be days and hours such as "Sat,Sun 03:00-05:00" or "03:00-05:00"')
})

export const TimeZone = z.string().transform((text, context) => {
  if (isTimeZone(text)) return text
  const meant = closest(text, ['UTC', ...Intl.supportedValuesOf('timeZone')])
  const hint = meant === null ? 'write it like "Europe/Berlin" or "UTC"' : `did you mean "${meant}"?`
  return refuse(context, text, 'must be a time zone', hint)
})

export const Id = z.string().transform((text, context): StackletId => {
  if (isStackletId(text)) return text
  const demand = 'must be an id: lower case letters, digits, - and _, beginning with a letter or digit'
  return refuse(context, text, demand, 'write it as its directory is named', 'bad-id')
})

export const Whole = z.int({
  error: ({ code }) => (code === 'invalid_type' ? 'must be a whole number' : undefined),
})

export const Port = Whole.min(1).max(65535)

/** A number, text or boolean: what the environment of a process can be made of. */
export const Scalar = z.custom<string | number | boolean>(
  (value) => ['string', 'number', 'boolean'].includes(typeof value),
  { error: 'must be text, a number or true or false', params: { code: 'type' } },
)

export const ScalarOrDate = z.custom<string | number | boolean | Date>(
  (value) => ['string', 'number', 'boolean'].includes(typeof value) || value instanceof Date,
  { error: 'must be text, a number or true or false', params: { code: 'type' } },
)

export const Pattern = z.string().transform((text, context) => {
  try {
    new RegExp(text, 'u')
    return text
  } catch {
    return refuse(context, text, 'must be a regular expression')
  }
})

/** A complaint about a name that no process could have in its environment. */
export function explainEnvName(name: string, at: SourcePosition, about: StackletId | null): readonly Problem[] {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return []
  const message = `${JSON.stringify(name)} is not the name of an environment variable`
  const hint = 'use letters, digits and _, and do not begin with a digit'
  return [{ level: 'error', code: 'value', message, hint, at, about }]
}

interface Refusing {
  addIssue(issue: { code: 'custom'; message: string; input: unknown; params: Readonly<Record<string, string>> }): void
}

/** Complains from inside a transformation: `demand` completes "x …". */
export function refuse(
  context: Refusing,
  input: unknown,
  demand: string,
  hint?: string,
  code: ProblemCode = 'value',
): never {
  const params = hint === undefined ? { code } : { code, hint }
  context.addIssue({ code: 'custom', message: demand, input, params })
  return z.NEVER
}

function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions()
    return timeZone === text || timeZone.toLowerCase() !== text.toLowerCase()
  } catch {
    return false
  }
}
