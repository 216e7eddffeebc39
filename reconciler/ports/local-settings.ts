/**
 * `.stack/settings.toml`: what hooks and prompts wrote on this host, a table a stacklet, 0600. It lies beside git, so that a
 * hook never edits a file that a person commits.
 */
export interface LocalSettings {
  /** Every table; empty when there is no file. A file that cannot be parsed is `STACK_STATE_BROKEN` and is left as it is. */
  read(): Promise<SettingTables>
  /** Writes one value of one table and keeps all others. */
  set(table: string, key: string, value: SettingValue, signal: AbortSignal): Promise<void>
}

export type SettingValue = string | number | boolean | readonly SettingValue[]
export type SettingTables = Readonly<Record<string, Readonly<Record<string, unknown>>>>
