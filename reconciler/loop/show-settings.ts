import { effectiveSettings } from '../definitions/effective-settings.ts'
import { techAdmin } from '../definitions/variables.ts'
import { StackError } from '../model/errors.ts'
import type { Secret } from '../model/secret.ts'
import type { Settings, User } from '../model/settings.ts'
import type { World } from '../ports/world.ts'
import { loadDesired } from './load-desired.ts'

/** What is set here, and who administers it. */
export interface ShownSettings {
  readonly host: string
  /** Table by table, secrets masked. */
  readonly tables: Settings['tables']
  readonly admin: AdminAccount
}

/** The account that stacklets make for whoever looks after them. */
export interface AdminAccount {
  readonly name: string
  readonly email: string
  /** Null until the first stacklet needed one. */
  readonly password: Secret | null
  /** The people of users.toml who are admins. */
  readonly people: readonly User[]
}

/** The certificate that vouches for sites with `tls = "internal"`, for whoever is to trust them. */
export async function rootCertificate(world: World, home: string, signal: AbortSignal): Promise<string> {
  const { front } = (await loadDesired(world, 'work-tree', home, signal)).desired
  if (front === null) throw noAuthority('this host serves no names: [core] domain of stack.toml is empty')
  const found = await world.sites.rootCertificate(front, signal).catch(() => null)
  if (found === null) throw noAuthority('Caddy does not answer, or has made no authority of its own yet')
  return found
}

function noAuthority(message: string): StackError {
  return new StackError('STACK_PROXY_UNREACHABLE', message, {
    hint: 'give the host a domain, run stack reconcile, and ask again',
  })
}

/** As it stands in the work tree, with what hooks wrote on this host. */
export async function showSettings(world: World, home: string, signal: AbortSignal): Promise<ShownSettings> {
  const { desired } = await loadDesired(world, 'work-tree', home, signal)
  const secrets = await world.secrets.read()
  const people = desired.users.filter((user) => user.role === 'admin')
  return {
    host: desired.host,
    tables: effectiveSettings(desired.settings),
    admin: { ...techAdmin, password: secrets['global__ADMIN_PASSWORD'] ?? null, people },
  }
}
