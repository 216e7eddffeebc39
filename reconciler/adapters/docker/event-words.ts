import { jsonOrNull } from '../../lib/json-or-null.ts'
import type { Happening } from '../../model/engine-news.ts'

/** What is asked for: all else, above all `exec_*`, never leaves the engine. Written as the API names them. */
export const eventFilters: Readonly<Record<string, readonly string[]>> = {
  type: ['container', 'network'],
  event: [
    ...['create', 'start', 'die', 'stop', 'kill', 'destroy', 'rename', 'update', 'pause', 'unpause'],
    ...['health_status', 'connect', 'disconnect'],
  ],
}

/** One line of the engine's stream. */
export interface ToldEvent {
  readonly atNs: string
  readonly type: string
  readonly action: string
  /** Of the container that it is about, whatever the type. */
  readonly containerId: string
  readonly attributes: Readonly<Record<string, string>>
}

/** Null for what is no event of a container. */
export function readEvent(line: string): ToldEvent | null {
  const told = jsonOrNull(line) as Told | null
  // As a number the time would lose its last digits. Inside a text every quote is escaped, so that this is the key itself.
  const [, atNs] = /"timeNano":(\d+)/.exec(line) ?? []
  const attributes = told?.Actor?.Attributes ?? {}
  const containerId = told?.Type === 'network' ? attributes['container'] : told?.Actor?.ID
  if (told === null || atNs === undefined || !containerId) return null
  return { atNs, type: told.Type ?? '', action: told.Action ?? '', containerId, attributes }
}

interface Told {
  readonly Type?: string
  readonly Action?: string
  readonly Actor?: { readonly ID?: string; readonly Attributes?: Readonly<Record<string, string>> | null }
}

const plain: Readonly<Record<string, Happening>> = {
  create: { kind: 'created' },
  start: { kind: 'started' },
  stop: { kind: 'stopped' },
  destroy: { kind: 'removed' },
  update: { kind: 'updated' },
  pause: { kind: 'paused' },
  unpause: { kind: 'unpaused' },
  'health_status: healthy': { kind: 'healthy' },
  'health_status: unhealthy': { kind: 'unhealthy' },
}

/** The engine's word as ours; null for a word that is no news. */
export function happeningOf({ type, action, attributes }: ToldEvent): Happening | null {
  if (type === 'network') return networkHappening(action, attributes['name'] ?? '')
  if (type !== 'container') return null
  if (action === 'die') return { kind: 'died', exitCode: Number(attributes['exitCode'] ?? 0) }
  if (action === 'kill') return { kind: 'killed', signal: attributes['signal'] ?? '' }
  if (action === 'rename') return { kind: 'renamed', from: withoutSlash(attributes['oldName'] ?? '') }
  return plain[action] ?? null
}

function networkHappening(action: string, network: string): Happening | null {
  if (action === 'connect') return { kind: 'connected', network }
  return action === 'disconnect' ? { kind: 'disconnected', network } : null
}

/** Some of the engine's answers put one before the name. */
export function withoutSlash(name: string): string {
  return name.replace(/^\//, '')
}
