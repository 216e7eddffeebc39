import type { Problem, SourcePosition } from '../model/problem.ts'
import type { Settings } from '../model/settings.ts'
import { nameOf } from './explain.ts'
import { inReadingOrder, type Reading, readToml } from './read-toml.ts'
import { ownTables, StackToml } from './settings-table.ts'
import { isTable, keyPosition, type TomlSource, valuePosition } from './toml-source.ts'

export interface SettingsReading {
  readonly settings: Settings
  readonly problems: readonly Problem[]
  /** Where `acme_ca_root` is written, if it is. */
  readonly acmeRootAt: SourcePosition
}

/** `stack.toml`; without one, the defaults. `home` is what `~` stands for. */
export function parseSettings(text: string | null, file: string, home: string): SettingsReading {
  const reading = readToml(StackToml, text ?? '', file, { unknownKeys: 'error', about: null })
  const dataDir = resolveDataDir(reading, home)
  const problems = [
    ...reading.problems,
    ...('hint' in dataDir ? [dataDir] : []),
    ...explainPorts(reading),
    ...explainAuthority(reading),
    ...misspeltTables(reading.source),
  ]
  const path = 'hint' in dataDir ? defaultDataDir(reading.value, home) : dataDir.path
  const acmeRootAt = valuePosition(reading.source, ['caddy', 'acme_ca_root'])
  return { settings: settingsFrom(reading, path), problems: inReadingOrder(problems), acmeRootAt }
}

function settingsFrom({ value, source }: Reading<StackToml>, dataDir: string): Settings {
  const { core, updates, git, hooks, caddy, ports } = value
  return {
    core: {
      name: core.name,
      host: core.host || null,
      domain: core.domain,
      https: core.https,
      dataDir,
      timezone: core.timezone,
      language: core.language || null,
    },
    updates: { schedule: updates.schedule, write: updates.write ?? null, keepDays: updates.keep },
    git: { remote: git.remote || null, branch: git.branch || null, intervalMs: git.interval, verify: git.verify },
    ports,
    hooks: { timeoutMs: hooks.timeout },
    caddy: {
      admin: caddy.admin || null,
      httpPort: caddy.http_port,
      httpsPort: caddy.https_port,
      email: caddy.email || null,
      staging: caddy.staging,
      acmeCa: caddy.acme_ca || null,
      acmeCaRoot: caddy.acme_ca_root || null,
    },
    tables: Object.fromEntries(Object.entries(source.value).filter((entry) => isTable(entry[1]))) as Settings['tables'],
  }
}

function resolveDataDir({ value, source }: Reading<StackToml>, home: string): { readonly path: string } | Problem {
  const written = value.core.data_dir
  if (written === undefined || written === '') return { path: defaultDataDir(value, home) }
  const path = written.replace(/^~(?=\/|$)/, home).replace(/(?<=.)\/+$/, '')
  const fault = faultOfDataDir(path)
  if (fault === null) return { path }
  return {
    level: 'error',
    code: 'value',
    message: `core.data_dir ${fault}, not ${JSON.stringify(written)}`,
    hint: 'write a whole path such as "/srv/data" or "~/stack-data"',
    at: valuePosition(source, ['core', 'data_dir']),
    about: null,
  }
}

function faultOfDataDir(path: string): string | null {
  if (!path.startsWith('/')) return 'must begin with / or ~/'
  if (path.split('/').includes('..')) return 'must not lead upwards with ..'
  return /^\/*$/.test(path) ? 'must be a folder of its own' : null
}

function defaultDataDir(value: StackToml, home: string): string {
  return `${home.replace(/\/+$/, '')}/${value.core.name}-data`
}

function explainPorts({ value, source }: Reading<StackToml>): readonly Problem[] {
  const { start, end } = value.ports
  if (start <= end) return []
  return [
    {
      level: 'error',
      code: 'value',
      message: `ports.end must not be below ports.start (${start}), not ${end}`,
      hint: 'give the lower port first',
      at: valuePosition(source, ['ports', 'end']),
      about: null,
    },
  ]
}

/** One authority signs, and a root of one's own is for one that is named here and asked by a Caddy of ours. */
function explainAuthority({ value: { caddy }, source }: Reading<StackToml>): readonly Problem[] {
  const faults: readonly (readonly [isSo: unknown, key: keyof typeof caddy, message: string, hint: string])[] = [
    [
      caddy.acme_ca && caddy.staging,
      'staging',
      'is for the public authority, and caddy.acme_ca names another one',
      'take one of them out',
    ],
    [
      caddy.acme_ca_root && !caddy.acme_ca,
      'acme_ca_root',
      'is the root of no authority',
      'add acme_ca = "https://…": the address of its directory',
    ],
    [
      caddy.acme_ca_root && caddy.admin,
      'acme_ca_root',
      'is for a Caddy of ours, and caddy.admin names another one',
      'take it out, and let the host trust that root: its own Caddy does so then',
    ],
  ]
  return faults
    .filter(([isSo]) => isSo)
    .map(([, key, words, hint]) => ({
      level: 'error',
      code: 'value',
      message: `caddy.${key} ${words}`,
      hint,
      at: valuePosition(source, ['caddy', key]),
      about: null,
    }))
}

/** `[update]` is a stacklet's own table as far as we know; with our keys in it, it is more likely a slip. */
function misspeltTables(source: TomlSource): readonly Problem[] {
  const problems: Problem[] = []
  for (const [name, table] of Object.entries(source.value)) {
    if (name in ownTables || !isTable(table)) continue
    const meant = Object.entries(ownTables).find(
      ([own, type]) => isSlip(name, own) && hasOnly(table, Object.keys(type.def.innerType.shape)),
    )
    if (meant === undefined) continue
    problems.push({
      level: 'warning',
      code: 'unknown-key',
      message: `[${nameOf([name])}] is not a table of ours`,
      hint: `did you mean [${meant[0]}]?`,
      at: keyPosition(source, [name]),
      about: null,
    })
  }
  return problems
}

function isSlip(name: string, own: string): boolean {
  return name.toLowerCase() === own || `${name}s` === own || name === `${own}s`
}

function hasOnly(table: Readonly<Record<string, unknown>>, known: readonly string[]): boolean {
  const keys = Object.keys(table)
  return keys.length > 0 && keys.every((key) => known.includes(key))
}
