import type { HealthCheck, HealthProbe } from '../model/desired.ts'
import { Secret } from '../model/secret.ts'
import type { HealthCheckDeclaration, Stacklet } from '../model/stacklet.ts'
import { type RenderedText, renderText } from './render-text.ts'
import type { Variables } from './variables.ts'

const defaultTimeoutMs = 120_000

/** The questions to ask a stacklet, and every text that was rendered for them. */
export interface RenderedHealth {
  readonly health: HealthProbe
  readonly texts: readonly RenderedText[]
}

/** A check whose address is not configured is not asked; a token that is not there is not sent. */
export function renderHealth(stacklet: Stacklet, variables: Variables): RenderedHealth {
  const { checks, timeoutMs } = stacklet.health ?? { checks: [], timeoutMs: defaultTimeoutMs }
  const rendered = checks.map((check) => renderCheck(check, stacklet, variables))
  return {
    health: { checks: rendered.flatMap((one) => one.check ?? []), timeoutMs },
    texts: rendered.flatMap((one) => one.texts),
  }
}

interface RenderedCheck {
  readonly check: HealthCheck | null
  readonly texts: readonly RenderedText[]
}

function renderCheck(declared: HealthCheckDeclaration, { id }: Stacklet, variables: Variables): RenderedCheck {
  const url = renderText(declared.url, variables, id)
  const headers = Object.entries(declared.headers).map(([name, template]) => ({
    name,
    value: renderText(template, variables, id),
  }))
  const texts = [url, ...headers.map((header) => header.value)]
  if (!isAddress(url.text)) return { check: null, texts }
  const sent = headers.filter(({ value }) => !isEmptyToken(value.text))
  const check: HealthCheck = {
    label: declared.name ?? (url.isSecret ? declared.url.text : url.text),
    url: new Secret(url.text),
    headers: Object.fromEntries(sent.map(({ name, value }) => [name, new Secret(value.text)])),
    path: declared.path,
    expect: declared.expect,
    hint: declared.hint,
  }
  return { check, texts }
}

function isAddress(url: string): boolean {
  return /^https?:\/\/[^/:?#\s]/i.test(url)
}

function isEmptyToken(value: string): boolean {
  return /^\s*(?:bearer|basic|token)?\s*$/i.test(value)
}
