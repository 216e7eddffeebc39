import { isSecretName } from '../lib/secret-names.ts'
import type { Settings } from '../model/settings.ts'

type Tables = Settings['tables']

/** Every setting as it counts here, the defaults filled in, under the names of stack.toml. What looks like a secret is `***`. */
export function effectiveSettings({ core, updates, git, hooks, caddy, ports, tables }: Settings): Tables {
  const { host, domain, https, timezone, language, name, dataDir: data_dir } = core
  const own = {
    core: { ...tables['core'], name, host, domain, https, data_dir, timezone, language },
    updates: { ...updates },
    git: { ...git, interval: inWords(git.intervalMs), intervalMs: null },
    host: { ...tables['host'] },
    hooks: { timeout: inWords(hooks.timeoutMs) },
    caddy: {
      admin: caddy.admin,
      http_port: caddy.httpPort,
      https_port: caddy.httpsPort,
      email: caddy.email,
      staging: caddy.staging,
      acme_ca: caddy.acmeCa,
      acme_ca_root: caddy.acmeCaRoot,
    },
    ports: { ...ports },
  }
  const all = Object.entries({ ...tables, ...own }).map(([table, values]) => [table, shown(values)] as const)
  return Object.fromEntries(all.filter(([, values]) => Object.keys(values).length > 0))
}

/** Without what is not set, and without what nobody should read over a shoulder. */
function shown(values: Tables[string]): Tables[string] {
  const set = Object.entries(values).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(set.map(([key, value]) => [key, isSecretName(key) && value !== '' ? '***' : value]))
}

/** `20m`, `90s`. */
function inWords(ms: number): string {
  if (ms % 60_000 === 0 && ms > 0) return `${ms / 60_000}m`
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`
}
