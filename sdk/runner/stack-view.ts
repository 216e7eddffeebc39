import type { CommandResult, StackView } from '../hook-context.ts'
import type { Channel } from './channel.ts'
import type { Told } from './told.ts'

/** `ctx.stack` and `config.stack`. */
export function stackView({ root, data_dir, instance, domain, users, settings }: Told, channel: Channel): StackView {
  return {
    root,
    data: data_dir,
    instance_dir: instance,
    domain,
    users,
    config: settings,
    secrets: {
      get: (scope, name) => channel.ask('secret', { scope, name }) as string | null,
      set: (scope, name, value) => {
        channel.ask('set-secret', { scope, name, value: String(value) })
      },
    },
    run_cli_command: async (id, command, ...args) => {
      try {
        return channel.ask('run-command', { id, command, args: args.flat().map(String) }) as CommandResult
      } catch (error) {
        return { error: (error as Error).message }
      }
    },
  }
}
