import type { Settings } from '../model/settings.ts'

type Tables = Settings['tables']

/** The settings with what hooks wrote on this host under them: a value of stack.toml that is not empty wins. */
export function withLocalSettings(settings: Settings, local: Tables): Settings {
  const names = [...new Set([...Object.keys(local), ...Object.keys(settings.tables)])]
  const tables = names.map((name) => [name, { ...local[name], ...said(settings.tables[name]) }] as const)
  return { ...settings, tables: Object.fromEntries(tables) }
}

function said(table: Tables[string] | undefined): Tables[string] {
  return Object.fromEntries(Object.entries(table ?? {}).filter(([, value]) => value !== ''))
}
