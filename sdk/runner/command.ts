import type { Command, CommandConfig } from '../command.ts'
import type { Channel } from './channel.ts'
import { stackView } from './stack-view.ts'
import type { Told, ToldCommand } from './told.ts'

type Run = (...args: readonly unknown[]) => unknown

/** `run(args, stacklet, config)`. A bare module has done its work by now, or goes on until nothing keeps it. */
export async function runCommand(
  run: Run | undefined,
  told: Told,
  command: ToldCommand,
  channel: Channel,
): Promise<void> {
  const result =
    run === undefined
      ? undefined
      : await (run as Command)(command.args, command.stacklet as never, configOf(told, command, channel))
  if (command.isCalled) channel.tell('result', { value: isObject(result) ? result : null })
  if (run !== undefined) process.exit(command.isCalled ? 0 : exitCode(result))
}

function exitCode(result: unknown): number | undefined {
  if (!isObject(result) || !result['error']) return undefined
  process.stderr.write(`${String(result['error'])}\n`)
  return 1
}

function configOf(told: Told, { manifest }: ToldCommand, channel: Channel): CommandConfig {
  return {
    domain: told.domain,
    data_dir: told.data_dir,
    repo_root: told.root,
    instance_dir: told.instance,
    manifest,
    stack: stackView(told, channel),
    secrets: told.secrets,
    users: told.users,
    is_healthy: () => channel.ask('is-healthy', {}) === true,
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
