import type { World } from '../../../../reconciler/ports/world.ts'
import { lasting, type Places } from './places.ts'

type Changing = { readonly [Port in keyof World]?: readonly (keyof World[Port])[] }

/** The calls that change something. */
const changing = {
  engine: ['act', 'createNetwork', 'discard'],
  images: ['tag'],
  compose: ['pull', 'build', 'up', 'end'],
  upstream: ['follow'],
  editor: ['commitFile', 'editFile', 'restore', 'undoHalfEdit'],
  secrets: ['ensure', 'rotate', 'set', 'remove'],
  settings: ['set'],
  files: ['write', 'remove', 'trash'],
  demolition: ['purgeData', 'removeState'],
  ledger: ['write', 'forget'],
  standings: ['change'],
  good: ['save', 'forget'],
  records: ['append', 'forget', 'writeLastRun'],
  host: ['keep', 'remember'],
  lock: ['take'],
  slots: ['note'],
  hooks: ['run', 'runWords', 'endSurvivors'],
} as const satisfies Changing

/** Others do these for us and do several things: the run may die while they are at it. */
const lengthy = [
  'compose.pull',
  'compose.build',
  'compose.up',
  'compose.end',
  'engine.act',
  'hooks.run',
  'hooks.runWords',
]
const momentsMs = [40, 160]

type Call = (...words: unknown[]) => Promise<unknown>

/** The same world; before and after each call that changes something is a place, and so are moments within the lengthy ones. */
export function watchWorld(world: World, places: Places): World {
  const watched = Object.entries(changing).map(([port, names]) => {
    const calls = world[port as keyof World] as unknown as Record<string, Call>
    const own = names.map((name) => [name, watchedCall(`${port}.${name}`, calls[name]!, places)] as const)
    return [port, { ...calls, ...Object.fromEntries(own) }] as const
  })
  return { ...world, ...Object.fromEntries(watched) } as World
}

function watchedCall(name: string, call: Call, places: Places): Call {
  return async (...words) => {
    const told = lasting(`${name} ${detailOf(words)}`.trim())
    places.pass(`before ${told}`)
    const answer = lengthy.includes(name) ? await within(told, () => call(...words), places) : await call(...words)
    places.pass(`after ${told}`)
    return answer
  }
}

/** Passes each moment when it comes, or when the call has ended before. */
async function within<Answer>(told: string, call: () => Promise<Answer>, places: Places): Promise<Answer> {
  const open = new Set(momentsMs)
  const pass = (ms: number): void => {
    if (open.delete(ms)) places.pass(`${ms} ms into ${told}`)
  }
  const timers = momentsMs.map((ms) => setTimeout(() => pass(ms), ms))
  const answer = await call().finally(() => {
    for (const timer of timers) clearTimeout(timer)
  })
  for (const ms of momentsMs) pass(ms)
  return answer
}

/** What tells one call from another of its kind: the event of the journal, the file, the hook. */
function detailOf([first, second]: readonly unknown[]): string {
  if (typeof first === 'string') return typeof second === 'string' && second.length < 30 ? `${first} ${second}` : first
  if (typeof first !== 'object' || first === null) return ''
  const { kind, step, event, id, name } = first as Record<string, unknown>
  return [kind, step, event, id, name].filter((word) => typeof word === 'string').join(' ')
}
