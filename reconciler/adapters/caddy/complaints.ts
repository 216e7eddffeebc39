import type { z } from 'zod'
import type { Snippet } from '../../model/route.ts'
import type { RouteComplaint } from '../../ports/front-proxy.ts'
import { lineOf } from './part-of.ts'

/** Caddy's own words about a text, at the line that they name. */
export function refusedText(text: string, snippet: Snippet): RouteComplaint {
  const words = messageIn(text).replace(/^adapting config using caddyfile adapter: /, '')
  const line = Number(/Caddyfile:(\d+)/.exec(words)?.[1] ?? 1)
  const at = snippet.lines[line - 1] ?? lineOf('', snippet)
  const message = `Caddy refuses it: ${words.replace(/^Caddyfile:\d+(?: - |: )/, '')}`
  return {
    message,
    hint: 'correct the line; the Caddyfile language is explained at caddyserver.com/docs/caddyfile',
    at,
  }
}

/** What only a look at the whole finds: a pattern that is none, an option that does not go with another. */
export function refusedMeaning(words: string, snippet: Snippet): RouteComplaint {
  const short = words.replace(
    /^(?:loading http app module: |provision http: |server \w+: |setting up route handlers: )+/,
    '',
  )
  const hint = 'correct the snippet; the words are those of caddy validate'
  return { message: `Caddy refuses it: ${short}`, hint, at: lineOf('', snippet) }
}

/** The error that Caddy's API answers, or whatever it said. */
export function messageIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { readonly error?: unknown }
    return typeof error === 'string' ? error : text.trim()
  } catch {
    return text.trim()
  }
}

/** What Caddy made of the text has something in it that is for all sites at once. */
export function notForOneSite(error: z.ZodError, snippet: Snippet): RouteComplaint {
  const [issue] = error.issues
  const key = issue?.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : (issue?.path.at(-1) ?? '')
  const message = `the snippet sets ${String(key)}, which is for all sites at once`
  return { message, hint: 'a stacklet says what its own sites do, and nothing else', at: lineOf('', snippet) }
}
