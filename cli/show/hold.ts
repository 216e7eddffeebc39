import type { Hold } from '../../reconciler/index.ts'
import { document } from './json.ts'

export function holdLine(id: string, { untilMs, why }: Hold): string {
  const until = untilMs === null ? 'until you release it' : `until ${timeOf(untilMs)}`
  return `${id} is left as it is ${until}: ${why}. End it with stack release ${id}.`
}

export function holdDocument(id: string, { by, why, sinceMs, untilMs }: Hold): string {
  const hold = { by, why, since: timeOf(sinceMs), until: untilMs === null ? null : timeOf(untilMs) }
  return document({ id, hold })
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}
