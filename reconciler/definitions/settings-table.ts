import { z } from 'zod'
import { insidePath } from '../lib/inside-path.ts'
import { CronLine, Duration, Interval, Port, refuse, TimeZone, Whole } from './kinds.ts'
import { isTable } from './toml-source.ts'

const ProductName = z.string().transform((text, context) => {
  if (/^[^/\p{Cc}]+$/u.test(text) && text.trim() === text) return text
  return refuse(context, text, 'must be a name without slashes')
})

const HostName = z.string().transform((text, context) => {
  if (text === '' || /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text)) return text
  return refuse(context, text, 'must be a host name: letters, digits, dots and hyphens')
})

const Domain = z.string().transform((text, context) => {
  if (text === '' || /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(text)) return text
  return refuse(
    context,
    text,
    'must be a bare domain such as "home.internal"',
    'write only the name, without http:// or paths',
  )
})

const AdminAddress = z.string().transform((text, context) => {
  if (text === '' || /^(?:unix\/\/[^\s]+|[^\s/:]+:\d{1,5})$/.test(text)) return text
  const hint = 'write it as Caddy does: "localhost:2019", or "unix//run/caddy/admin.sock"'
  return refuse(context, text, 'must be where Caddy listens for its administrator', hint)
})

const AcmeDirectory = z.string().transform((text, context) => {
  if (text === '' || /^https:\/\/[^\s/?#]+\/[^\s?#]+$/.test(text)) return text
  const hint = 'write the whole address, as "https://ca.home.internal/acme/acme/directory"'
  return refuse(context, text, 'must be the https address of an ACME directory', hint)
})

const RepositoryFile = z.string().transform((text, context) => {
  const path = text.startsWith('/') ? null : insidePath('', text)
  if (text === '' || (path !== null && path !== '')) return path ?? ''
  return refuse(context, text, 'must be a file of this repository', 'copy it there, and write its path from the top')
})

const Core = z.strictObject({
  name: ProductName.default('stack'),
  host: HostName.optional(),
  domain: Domain.default(''),
  https: z.boolean().default(false),
  data_dir: z.string().optional(),
  timezone: TimeZone.default('UTC'),
  language: z.string().optional(),
  runtime: z.unknown().optional(),
  stack_owner: z.unknown().optional(),
})

const nightly = '0 0 3 * * *'

/** The tables of stack.toml that are ours. */
export const ownTables = {
  core: Core.prefault({}),
  updates: z
    .strictObject({
      schedule: CronLine.default(nightly),
      write: z.enum(['push', 'commit', 'branch', 'off']).optional(),
      keep: Whole.min(0).default(14),
    })
    .prefault({}),
  git: z
    .strictObject({
      remote: z.string().optional(),
      branch: z.string().optional(),
      interval: Interval.prefault('60s'),
      verify: z.enum(['none', 'signed']).default('none'),
    })
    .prefault({}),
  host: z
    .strictObject({
      zone: z.string().optional(),
      user: z.string().optional(),
      groups: z.array(z.string()).default([]),
    })
    .prefault({}),
  hooks: z.strictObject({ timeout: Duration.prefault('20m') }).prefault({}),
  caddy: z
    .strictObject({
      admin: AdminAddress.optional(),
      http_port: Port.default(80),
      https_port: Port.default(443),
      email: z.string().optional(),
      staging: z.boolean().default(false),
      acme_ca: AcmeDirectory.optional(),
      acme_ca_root: RepositoryFile.optional(),
    })
    .prefault({}),
  ports: z.strictObject({ start: Port.default(8100), end: Port.default(8999) }).prefault({}),
}

const AnyTable = z.custom<Readonly<Record<string, unknown>>>(isTable, {
  error: 'must stand in a table',
  params: { code: 'type', hint: 'put it under [core], or under a table of its own' },
})

/** `stack.toml`: our tables checked, every other one kept as it is. */
export const StackToml = z.object(ownTables).catchall(AnyTable)
export type StackToml = z.infer<typeof StackToml>
