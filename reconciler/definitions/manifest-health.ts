import { z } from 'zod'
import { parseDuration } from '../lib/duration.ts'
import type { HealthCheckDeclaration, HealthDeclaration, Template } from '../model/stacklet.ts'
import { refuse } from './kinds.ts'
import type { TomlPath } from './toml-places.ts'
import { type TomlSource, templateAt } from './toml-source.ts'

const defaultTimeoutMs = 120_000

const CheckUrl = z.string().transform((text, context) => {
  if (/^(https?:\/\/|\{)/.test(text)) return text
  return refuse(context, text, 'must begin with http:// or https://')
})

/** Seconds as a number, or a duration. */
const Timeout = z
  .custom<string | number>((value) => typeof value === 'string' || typeof value === 'number', {
    error: 'must be a number of seconds or a duration such as "5m"',
    params: { code: 'type' },
  })
  .transform((written, context) => {
    const ms = typeof written === 'number' ? Math.round(written * 1000) : parseDuration(written)
    if (ms !== null && ms > 0 && Number.isFinite(ms)) return ms
    return refuse(context, written, 'must be a number of seconds above 0, or a duration such as "5m"')
  })

const Expectation = z
  .custom<string | number | boolean>((value) => ['string', 'number', 'boolean'].includes(typeof value), {
    error: 'must be a status code or a text',
    params: { code: 'type' },
  })
  .transform(String)

const Answer = { path: z.string().optional(), expect: Expectation.optional() }

const Check = z.strictObject({
  url: CheckUrl,
  name: z.string().optional(),
  hint: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  ...Answer,
})

/** `[health]` of a manifest. */
export const HealthTable = z.strictObject({
  url: CheckUrl.optional(),
  urls: z.array(CheckUrl).default([]),
  hint: z.string().optional(),
  timeout: Timeout.optional(),
  checks: z.array(Check).default([]),
  ...Answer,
})
type HealthTable = z.infer<typeof HealthTable>

/** All ways to write a check, as one list: `url`, then `urls`, then `[[health.checks]]`. */
export function readHealth(table: HealthTable, source: TomlSource): HealthDeclaration {
  const paths: TomlPath[] = [
    ...(table.url === undefined ? [] : [['health', 'url']]),
    ...table.urls.map((_, index) => ['health', 'urls', index]),
  ]
  const { path = null, expect = null, hint = null } = table
  const short = paths.map((at) => ({ url: templateAt(source, at), name: null, hint, headers: {}, path, expect }))
  const long = table.checks.map((check, index) => readCheck(check, ['health', 'checks', index], source))
  return { checks: [...short, ...long], timeoutMs: table.timeout ?? defaultTimeoutMs }
}

function readCheck(check: z.infer<typeof Check>, at: TomlPath, source: TomlSource): HealthCheckDeclaration {
  const headers = Object.keys(check.headers).map((name): [string, Template] => [
    name,
    templateAt(source, [...at, 'headers', name]),
  ])
  const { name = null, hint = null, path = null, expect = null } = check
  return { url: templateAt(source, [...at, 'url']), name, hint, headers: Object.fromEntries(headers), path, expect }
}

export function templatesOf(health: HealthDeclaration | null): readonly Template[] {
  return health?.checks.flatMap((check) => [check.url, ...Object.values(check.headers)]) ?? []
}
