import type { HealthCheck } from '../../model/desired.ts'
import type { ProbeAnswer } from '../../ports/prober.ts'
import type { HttpAnswer } from './ask-http.ts'

type Expected = Pick<HealthCheck, 'path' | 'expect'>

/** Three digits without a path are a status; anything else is looked for in the body. */
export function wantsBody({ path, expect }: Expected): boolean {
  return path !== null || (expect !== null && !isStatus(expect))
}

/** With a path and an expectation the value found there decides, whatever the status; else without a status to expect, only 2xx will do. */
export async function judgeAnswer({ path, expect }: Expected, { status, body }: HttpAnswer): Promise<ProbeAnswer> {
  if (path === null && expect !== null && isStatus(expect)) {
    return verdict(status === Number(expect), `answered ${status}, expected ${expect}`)
  }
  const isGood = status >= 200 && status < 300
  if (!isGood && (path === null || expect === null)) return verdict(false, `answered ${status}`)
  if (path === null && expect === null) return verdict(true, `answered ${status}`)
  if (body === null) return verdict(false, 'the body is longer than 1 MiB')
  return path === null ? compare(body.trim(), 'in the body', expect) : judgeValue(body, path, expect)
}

function isStatus(expect: string): boolean {
  return /^\d{3}$/.test(expect)
}

async function judgeValue(body: string, path: string, expect: string | null): Promise<ProbeAnswer> {
  const { jsonpath } = await import('json-p3')
  const json = parsed(body)
  if (json === undefined) return verdict(false, 'the body is not JSON')

  const find = compiled(path, jsonpath.compile)
  if (find === null) return verdict(false, `${path} is not a JSONPath`)
  const [value] = find.query(json as Parameters<typeof find.query>[0]).values()
  return value === undefined ? verdict(false, `found nothing at ${path}`) : compare(asText(value), `at ${path}`, expect)
}

function compiled<Query>(path: string, compile: (path: string) => Query): Query | null {
  try {
    return compile(path)
  } catch {
    return null
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function compare(got: string, where: string, expect: string | null): ProbeAnswer {
  if (expect === null) return verdict(true, `found a value ${where}`)
  return verdict(got === expect, `got ${quoted(got)} ${where}, expected ${quoted(expect)}`)
}

/** Enough to recognise an answer by, without filling a screen with a page. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}

function verdict(passed: boolean, why: string): ProbeAnswer {
  return { passed, why }
}
