import { isTable } from '../toml-source.ts'
import { textsIn } from './compose-source.ts'
import { type Convention, departure } from './convention.ts'

/** Who waits for a database waits until it answers, and only a health check knows when that is. */
export const checkHealthchecks: Convention = ({ key, table }, { stacklet, source }) => {
  if (table['healthcheck'] !== undefined) return []
  const waiting = source.services.find((other) => waitsFor(key, other.table['depends_on']))
  if (waiting === undefined) return []
  const message = `${waiting.key} waits for ${key}, which has no healthcheck`
  const hint = 'give it a healthcheck, and wait with condition: service_healthy'
  return [departure('health-check', { message, hint }, source.at(['services', key]), stacklet.id)]
}

/** Whoever wrote that its start, or its end, is enough meant it. */
function waitsFor(key: string, needed: unknown): boolean {
  if (!isTable(needed)) return textsIn(needed).includes(key)
  const how = needed[key]
  if (!isTable(how)) return key in needed
  return how['condition'] === undefined || how['condition'] === 'service_healthy'
}
