import type { Front } from '../../model/route.ts'
import type { AdaptAnswer, AdaptQuestion, RouteComplaint } from '../../ports/front-proxy.ts'
import type { AdminAnswer, AdminQuestion } from './ask-admin.ts'
import { assemble } from './assemble.ts'
import { notForOneSite, refusedMeaning, refusedText } from './complaints.ts'
import { Adapted, canonical } from './config.ts'
import { makePart, type PartContent } from './content.ts'
import { forbiddenIn } from './forbidden.ts'
import { declaredEntry, takeApart } from './part-of.ts'

/** Loads a configuration without running it: what is wrong with it, or null. Nobody may be there to ask: then null as well. */
export type Validate = (config: string, signal: AbortSignal) => Promise<string | null>

interface Asking {
  readonly ask: (question: AdminQuestion) => Promise<AdminAnswer>
  readonly validate: Validate
}

/** One stacklet's routes and snippet, judged as if there were no others. */
export async function adaptAlone(
  { stacklet, routes, snippet, known }: AdaptQuestion,
  front: Front,
  { ask, validate }: Asking,
  signal: AbortSignal,
): Promise<AdaptAnswer> {
  const declared: PartContent = { entries: routes.map(declaredEntry), errors: [], policies: [] }
  if (snippet === null) return { kind: 'adapted', part: makePart(stacklet, declared) }

  const body = { type: 'text/caddyfile', text: snippet.text } as const
  const answer = await ask({ method: 'POST', path: '/adapt', body }).catch((error: NodeJS.ErrnoException) => {
    signal.throwIfAborted()
    return error.code ?? error.message
  })
  if (typeof answer === 'string') return { kind: 'unreachable', why: answer }
  if (answer.status !== 200) return { kind: 'refused', complaints: [refusedText(answer.text, snippet)] }

  const read = Adapted.safeParse((JSON.parse(answer.text) as { readonly result?: unknown }).result ?? {})
  if (!read.success) return { kind: 'refused', complaints: [notForOneSite(read.error, snippet)] }
  const { content, complaints } = takeApart(read.data, snippet)
  const all: readonly RouteComplaint[] = [...complaints, ...forbiddenIn(read.data, snippet)]
  if (all.length > 0) return { kind: 'refused', complaints: all }

  const part = makePart(stacklet, { ...content, entries: [...declared.entries, ...content.entries] })
  if (part.digest === known) return { kind: 'adapted', part }
  // The root lies beside Caddy only once routes were loaded with it.
  const alone = { ...front, acme: { ...front.acme, root: null } }
  const fault = front.admin === null ? await validate(canonical(assemble([part], alone)), signal) : null
  return fault === null ? { kind: 'adapted', part } : { kind: 'refused', complaints: [refusedMeaning(fault, snippet)] }
}
