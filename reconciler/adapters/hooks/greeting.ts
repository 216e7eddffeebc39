import type { StackletId } from '../../model/names.ts'
import type { Secret } from '../../model/secret.ts'
import type { StackletContext } from '../../ports/hook-host.ts'
import type { HookEnvironment } from './hook-environment.ts'

/** The first line that our runners read on fd 3: everything they know. It never stands in argv or on disk. */
export interface Greeting {
  readonly file: string
  readonly id: StackletId
  readonly context: StackletContext
  readonly told: Pick<HookEnvironment, 'told' | 'withheld'>
  readonly settings: Readonly<Record<string, unknown>>
  readonly places: { readonly instance: string; readonly root: string }
  readonly command: CommandGreeting | null
}

export interface CommandGreeting {
  readonly name: string
  readonly args: readonly string[]
  /** The second argument of a command's `run`. */
  readonly stacklet: Readonly<Record<string, unknown>>
  readonly manifest: Readonly<Record<string, unknown>>
  /** Whether another program called it, which gets its result; else it stands in a terminal. */
  readonly isCalled: boolean
}

export function greetingLine({ file, id, context, told, settings, places, command }: Greeting): string {
  return JSON.stringify({
    file,
    id,
    env: told.told,
    withheld: told.withheld,
    // A hook asks for each; only a command has `config.secrets`.
    secrets: command === null ? {} : revealed(context.secrets),
    users: context.users,
    settings: { ...context.settings, [id]: settings },
    data_dir: context.dataDir,
    domain: context.domain,
    instance: places.instance,
    root: places.root,
    command,
  })
}

function revealed(secrets: Readonly<Record<string, Secret>>): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, secret.reveal()]))
}
