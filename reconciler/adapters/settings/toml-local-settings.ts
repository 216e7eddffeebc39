import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify, TomlError } from 'smol-toml'
import writeFileAtomic from 'write-file-atomic'
import { StackError } from '../../model/errors.ts'
import type { LocalSettings, SettingTables } from '../../ports/local-settings.ts'
import { underLock } from '../process/under-lock.ts'

export interface LocalSettingsOptions {
  /** Absolute folder of the instance. */
  readonly instance: string
}

const heading = '# What hooks and prompts wrote on this host. A value in stack.toml wins.\n\n'

export function tomlLocalSettings({ instance }: LocalSettingsOptions): LocalSettings {
  const path = join(instance, '.stack/settings.toml')
  return {
    read: () => load(path),
    set: (table, key, value, signal) =>
      underLock(
        `${path}.lock`,
        async () => {
          const tables = await load(path)
          const changed = { ...tables, [table]: { ...tables[table], [key]: value } }
          await writeFileAtomic(path, heading + stringify(changed), { mode: 0o600 })
        },
        signal,
      ),
  }
}

async function load(path: string): Promise<SettingTables> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  try {
    const tables = Object.entries(parse(text)).filter(([, table]) => typeof table === 'object' && !Array.isArray(table))
    return Object.fromEntries(tables) as SettingTables
  } catch (error) {
    throw broken(path, error)
  }
}

function broken(path: string, cause: unknown): StackError {
  const at = cause instanceof TomlError ? { file: path, line: cause.line, column: cause.column } : undefined
  return new StackError('STACK_STATE_BROKEN', '.stack/settings.toml is no TOML', {
    hint: 'mend that line, or remove the file: hooks ask again for what they need',
    at,
    cause,
    terminal: true,
  })
}
