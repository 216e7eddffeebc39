import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { StackError } from '../../model/errors.ts'
import type { Front, RoutePart, ServedRoutes } from '../../model/route.ts'
import type { AdaptAnswer, AdaptQuestion, FrontProxy } from '../../ports/front-proxy.ts'
import { adaptAlone, type Validate } from './adapt-alone.ts'
import { alteredIn } from './altered-in.ts'
import { type AdminAnswer, type AdminPlace, type AdminQuestion, adminPlace, askAdmin } from './ask-admin.ts'
import { assemble } from './assemble.ts'
import { messageIn } from './complaints.ts'
import { canonical } from './config.ts'
import { inOrder } from './content.ts'
import { merged } from './merged.ts'
import { fileRecords } from './records.ts'

export interface CaddyOptions {
  /** Absolute folder of the instance. */
  readonly instance: string
  readonly validate: Validate
}

/** How long a Caddy that was just started may take until it listens. */
const startMs = 15_000
const pauseMs = 100

/** Caddy, through its admin API: on a socket in `.stack/caddy/`, or where the host's own listens. */
export function caddyProxy({ instance, validate }: CaddyOptions): FrontProxy {
  const folder = join(instance, '.stack', 'caddy')
  const records = fileRecords(folder)
  const placeOf = ({ admin }: Front): AdminPlace =>
    admin === null ? { kind: 'socket', path: join(folder, 'admin.sock') } : adminPlace(admin)
  const ask: Ask = (front, question, signal) => askAgain(() => askAdmin(placeOf(front), question, signal), signal)

  async function wholeConfig(parts: readonly RoutePart[], front: Front, live: Live | null): Promise<string> {
    if (front.admin === null) return canonical(assemble(parts, front))
    return canonical(merged(live?.config ?? {}, await records.parts(), parts, front))
  }

  return {
    async adapt(question: AdaptQuestion, front: Front, signal: AbortSignal): Promise<AdaptAnswer> {
      return adaptAlone(question, front, { ask: (asked) => ask(front, asked, signal), validate }, signal)
    },

    async served(front, signal): Promise<ServedRoutes> {
      const parts = await records.parts()
      const live = await liveConfig(front, signal, ask)
      const expected = await wholeConfig(parts, front, live)
      const seen = live === null ? await records.config() : canonical(live.config)
      const isAltered = seen !== null && seen.trimEnd() !== expected
      const altered = live === null || !isAltered ? [] : alteredIn(live.config, parts, front)
      return { isLive: live !== null, parts, altered, isAltered }
    },

    async load(parts, front, signal): Promise<void> {
      const live = await untilLive(front, signal, ask)
      const config = await wholeConfig(parts, front, live)
      await records.keepRoot(front.acme.root)
      if (canonical(live.config) !== config) await post(config, live, front, (asked) => ask(front, asked, signal))
      await records.keep(inOrder(parts), `${config}\n`)
    },

    async prepare(front, data): Promise<void> {
      await mkdir(data, { recursive: true })
      const parts = await records.parts()
      await records.keepRoot(front.acme.root)
      await records.keep(parts, `${canonical(assemble(parts, front))}\n`)
    },
  }
}

interface Live {
  readonly config: unknown
  readonly etag: string | null
}

type Ask = (front: Front, question: AdminQuestion, signal: AbortSignal) => Promise<AdminAnswer>

/** A Caddy that takes a configuration shuts its door for a moment, on whoever stands in it. To ask the same again harms nothing. */
async function askAgain<Answer>(ask: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask()
    } catch (error) {
      signal.throwIfAborted()
      const { code = '' } = error as NodeJS.ErrnoException
      if (tries === mostTries || !['EPIPE', 'ECONNRESET'].includes(code)) throw error
      await sleep(pauseMs / 2)
    }
  }
}

const mostTries = 5

/** Null where nothing answers. */
async function liveConfig(front: Front, signal: AbortSignal, ask: Ask): Promise<Live | null> {
  try {
    const { status, text, etag } = await ask(front, { method: 'GET', path: '/config/' }, signal)
    return status === 200 ? { config: JSON.parse(text), etag } : null
  } catch {
    signal.throwIfAborted()
    return null
  }
}

async function untilLive(front: Front, signal: AbortSignal, ask: Ask): Promise<Live> {
  const deadlineMs = performance.now() + startMs
  for (;;) {
    const live = await liveConfig(front, signal, ask)
    if (live !== null) return live
    if (performance.now() > deadlineMs) throw unreachable(front)
    await sleep(pauseMs, undefined, { signal })
  }
}

/** A Caddy that serves others takes ours only on top of what we have seen: somebody else may change it at the same moment. */
async function post(
  config: string,
  { etag }: Live,
  { admin }: Front,
  ask: (asked: AdminQuestion) => Promise<AdminAnswer>,
): Promise<void> {
  const body = { type: 'application/json', text: config } as const
  const question = admin === null ? ({ path: '/load' } as const) : ({ path: '/config/', ifMatch: etag } as const)
  const { status, text } = await ask({ method: 'POST', body, ...question })
  if (status === 200) return
  throw new StackError('STACK_ROUTE_REFUSED', `Caddy refuses the routes: ${messageIn(text)}`, {
    hint: 'everything is served as before; correct what the words name, and run it again',
  })
}

function unreachable({ admin, stacklet }: Front): StackError {
  const where = admin === null ? `the Caddy of ${stacklet ?? 'no stacklet'}` : `Caddy at ${admin}`
  return new StackError('STACK_PROXY_UNREACHABLE', `${where} does not answer`, { hint: hintFor(admin, stacklet) })
}

function hintFor(admin: string | null, stacklet: string | null): string {
  if (admin !== null) return 'start it, or correct [caddy] admin in stack.toml: where it listens for its administrator'
  if (stacklet !== null) return `see whether it runs: stack logs ${stacklet}`
  return 'declare the stacklet core, which runs Caddy, or set [caddy] admin in stack.toml'
}
