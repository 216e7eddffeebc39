import { isTable } from '../toml-source.ts'
import type { ComposeSource } from './compose-source.ts'
import { type Convention, departure } from './convention.ts'

/** Containers come back with the host, and stay away when a person stopped them. A job that runs once and ends does neither. */
export const checkRestart: Convention = ({ key, table }, { stacklet, source }) => {
  const { restart } = table
  if (restart === 'unless-stopped' || isOneShot(key, table, source)) return []
  const message = restart === undefined ? `${key} has no restart policy` : `${key} has restart: ${String(restart)}`
  const hint = 'write restart: unless-stopped, or restart: "no" for a job that runs once'
  const at = source.at(['services', key, 'restart'])
  return [departure('restart-policy', { message, hint }, at, stacklet.id)]
}

function isOneShot(key: string, table: Readonly<Record<string, unknown>>, { services }: ComposeSource): boolean {
  if (services.some((other) => waitsForEndOf(key, other.table))) return true
  const { restart, ports, healthcheck } = table
  const mayEnd = restart === 'no' || restart === false || /^on-failure/.test(String(restart))
  return mayEnd && ports === undefined && healthcheck === undefined
}

function waitsForEndOf(key: string, { depends_on: needed }: Readonly<Record<string, unknown>>): boolean {
  const how = isTable(needed) ? needed[key] : undefined
  return isTable(how) && how['condition'] === 'service_completed_successfully'
}
