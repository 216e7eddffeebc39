import type { StackletId } from '../../model/names.ts'
import type { StackletContext } from '../../ports/hook-host.ts'
import type { SettingValue } from '../../ports/local-settings.ts'
import type { HookWorld } from './hook-world.ts'

type Table = Readonly<Record<string, unknown>>

/** One stacklet's section of the settings, as `ctx.cfg` reads and writes it. */
export interface OwnSettings {
  readonly table: Table
  /** Writes to `.stack/settings.toml` and answers the value that counts from now on. */
  set(key: string, value: SettingValue, signal: AbortSignal): Promise<unknown>
}

export async function ownSettings(id: StackletId, context: StackletContext, world: HookWorld): Promise<OwnSettings> {
  const local = (await world.memory.settings.read())[id] ?? {}
  const said = withoutEmpty(context.settings[id] ?? {})
  // What does not come from this host's own file stands in stack.toml, and counts whatever is written here.
  const fixed = Object.fromEntries(Object.entries(said).filter(([key, value]) => !isSame(value, local[key])))

  return {
    table: { ...local, ...said },
    set: async (key, value, signal) => {
      await world.memory.settings.set(id, key, value, signal)
      return fixed[key] ?? value
    },
  }
}

function withoutEmpty(table: Table): Table {
  return Object.fromEntries(Object.entries(table).filter(([, value]) => value !== ''))
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
