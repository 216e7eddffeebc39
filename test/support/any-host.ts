import fc from 'fast-check'
import { type HookEvent, hookEvents } from '../../reconciler/model/hook.ts'
import { type HostIntent, host, type ServiceIntent, type StackletIntent, stacklet } from './intent.ts'

export const everyId = ['a', 'b', 'c', 'd', 'e', 'f'] as const

/** Half of those that are there run; the first is the simplest. left: declared absent, and its directory is gone. */
const anyState = fc.constantFrom(
  ...(['gone', 'running', 'running', 'running', 'running', 'stopped', 'paused', 'absent', 'unlisted', 'left'] as const),
)

/** Most have containers; the others have hooks alone, or programs of the host. */
const anyKind = fc.constantFrom(...(['docker', 'docker', 'docker', 'docker', 'bare', 'host'] as const))

const anyHooks = fc.constantFrom<readonly HookEvent[]>(
  [],
  ['on_configure', 'on_stop'],
  ['on_start', 'on_start_ready'],
  [],
  [...hookEvents],
)

/** What Compose fills in: a change of the value alone is a change of the image. */
const taggedImage = 'server:$' + '{TAG}'

/** A program that stays, and what may stand beside it. */
function anyServices(id: string, index: number): fc.Arbitrary<Readonly<Record<string, Partial<ServiceIntent>>>> {
  const port = 8000 + index
  const anyWeb = fc.constantFrom<Partial<ServiceIntent>>(
    { port, mounts: ['conf'] },
    { image: taggedImage, replicas: 2 },
    { image: 'slow:1', hasHealthcheck: true, containerName: `${id}-web` },
    { build: 'app', containerName: `${id}-web`, restart: 'no' },
  )
  const anyDb = fc.constantFrom<Partial<ServiceIntent>>(
    { image: 'worker:1', restart: 'no' },
    { image: 'server:1', mounts: ['conf'] },
    { build: 'lib' },
  )
  const job: Partial<ServiceIntent> = { image: 'job:1', restart: 'no' }
  const parts = { web: anyWeb, db: anyDb, job: fc.constant(job) }
  return fc.record<Readonly<Record<string, Partial<ServiceIntent>>>, string>(parts as never, {
    requiredKeys: ['web'],
  })
}

function anyStacklet(id: string, index: number) {
  return fc
    .record({
      state: anyState,
      kind: anyKind,
      requires: fc.subarray(everyId.slice(0, index) as string[]),
      services: anyServices(id, index),
      mode: fc.constantFrom('one', 'two', '{admin_password}'),
      override: fc.constantFrom({}, {}, { MODE: 'three' }, { TAG: '3' }),
      programs: fc.record(
        { agent: fc.record({ isProbed: fc.boolean() }), spare: anySpare },
        { requiredKeys: ['agent'] },
      ),
      content: fc.constantFrom('1', '2'),
      generate: fc.subarray(['TOKEN']),
      hooks: anyHooks,
      isProbed: fc.boolean(),
      project: fc.constantFrom(null, null, `own-${id}`),
      route: fc.constantFrom<StackletIntent['route'][]>(null, 'declared', 'snippet'),
      startsFirst: fc.boolean(),
    })
    .map(({ mode, content, state, hooks, kind, programs, ...parts }) => {
      const files = {
        'conf/site.conf': content,
        'app/main.js': content,
        'lib/main.js': content,
        'README.md': content,
        ...hookTexts(hooks),
      }
      const env = { MODE: mode, TAG: '2', ...(hooks.includes('on_configure') ? { ANSWER: `{${id}_answer}` } : {}) }
      const hasDirectory = state !== 'left'
      const startsFirst = parts.startsFirst && parts.route !== 'declared'
      const own = ofKind(kind, { ...parts, startsFirst, programs })
      return {
        isGone: state === 'gone',
        intent: stacklet(id, { ...own, state: kept(state), hasDirectory, files, env }),
      }
    })
}

const anySpare = fc.constant({ isProbed: true })

function ofKind<Parts extends object>(kind: 'docker' | 'bare' | 'host', parts: Parts): Parts {
  if (kind === 'docker') return { ...parts, programs: {} }
  const bare = { ...parts, services: {}, isProbed: false, project: null }
  return kind === 'host' ? bare : { ...bare, programs: {} }
}

/** The first of them asks a person for a setting that the environment needs. */
function hookTexts(hooks: readonly HookEvent[]) {
  const texts = hooks.map((event) => [`hooks/${event}.sh`, event === 'on_configure' ? 'ask' : 'pass'] as const)
  return Object.fromEntries(texts)
}

function kept(state: StackletIntent['state'] | 'gone' | 'left'): StackletIntent['state'] {
  if (state === 'left') return 'absent'
  return state === 'gone' ? 'unlisted' : state
}

/** Up to six stacklets, each a server with what stands beside it, in a valid desired state that lists at least one. */
export const anyIntent: fc.Arbitrary<HostIntent> = fc
  .record({
    stacklets: fc.tuple(...everyId.map((id, index) => anyStacklet(id, index))),
    prune: fc.constantFrom('keep', 'down', 'destroy'),
    concurrency: fc.constantFrom(1, 4),
    domain: fc.constantFrom('', 'home.internal'),
    front: fc.constantFrom(null, ...everyId),
  })
  .map(({ stacklets, front, ...pace }) => {
    const there = stacklets.filter((one) => !one.isGone).map((one) => withFront(one.intent, front))
    return host(valid(there), { ...pace, maxRemovals: 99 })
  })
  .filter(({ stacklets }) => stacklets.some((one) => one.state !== 'unlisted'))

/** One of them has the port and the name that everybody knows: it stands alone, so that it can be any of them. */
function withFront(intent: StackletIntent, front: string | null): StackletIntent {
  if (intent.id !== front || Object.keys(intent.services).length === 0)
    return { ...intent, requires: intent.requires.filter((id) => id !== front) }
  const { web, ...others } = stacklet(front, { services: { web: { port: 80, containerName: 'front' } } }).services
  return { ...intent, requires: [], services: { ...intent.services, ...others, ...(web && { web }) } }
}

/** What runs requires only what runs or is paused, and nobody requires what is not there. */
function valid(stacklets: readonly StackletIntent[]): readonly StackletIntent[] {
  const isUp = (id: string) => stacklets.some((one) => one.id === id && ['running', 'paused'].includes(one.state))
  const isThere = (id: string) => stacklets.some((one) => one.id === id && one.hasDirectory)
  return stacklets.map((one) => ({ ...one, requires: one.requires.filter(one.state === 'running' ? isUp : isThere) }))
}
