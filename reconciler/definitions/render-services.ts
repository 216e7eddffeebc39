import type { HostService } from '../model/desired.ts'
import { Secret } from '../model/secret.ts'
import type { NativeService, Stacklet } from '../model/stacklet.ts'
import { type RenderedText, renderText } from './render-text.ts'
import type { Variables } from './variables.ts'

export interface RenderedServices {
  readonly services: readonly HostService[]
  readonly texts: readonly RenderedText[]
}

/** The programs of the host, their addresses rendered. Start and stop are a shell's words and stay as they are written. */
export function renderServices(stacklet: Stacklet, variables: Variables): RenderedServices {
  if (stacklet.kind !== 'host') return { services: [], texts: [] }
  const rendered = stacklet.services.map((service) => renderService(service, stacklet, variables))
  return { services: rendered.map((one) => one.service), texts: rendered.flatMap((one) => one.text ?? []) }
}

function renderService(declared: NativeService, { id }: Stacklet, variables: Variables) {
  const text = declared.checkUrl === null ? null : renderText(declared.checkUrl, variables, id)
  const url = text?.text ?? ''
  const isAsked = /^https?:\/\//i.test(url)
  const check = { label: declared.name, url: new Secret(url), headers: {}, path: null, expect: null, hint: null }
  const service: HostService = {
    id: declared.id,
    name: declared.name,
    check: isAsked ? check : null,
    start: declared.start?.text ?? null,
    stop: declared.stop?.text ?? null,
  }
  return { service, text }
}
