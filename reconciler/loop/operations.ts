import type { StackletCommand } from '../ports/hook-host.ts'
import type { World } from '../ports/world.ts'
import { type ExecInStacklet, execInStacklet } from './exec-in-stacklet.ts'
import { containersOfStacklet, type OwnContainer, ownContainers } from './own-containers.ts'
import { listCommands, type RunCommand, runCommand } from './run-command.ts'
import { type Secrets, secretsOf } from './secrets.ts'
import { type LogsRequest, showLogs } from './show-logs.ts'
import { rootCertificate, type ShownSettings, showSettings } from './show-settings.ts'

/** What a person does with what runs: none of it changes what is declared. */
export interface Operations {
  /** Every container of this instance, or those of one stacklet. */
  containers(id: string | null, signal: AbortSignal): Promise<readonly OwnContainer[]>
  /** Says what a stacklet's services printed, and with `follow` what they print until cancelled. */
  logs(request: Omit<LogsRequest, 'home'>, signal: AbortSignal): Promise<void>
  /** Runs a program in a container on our terminal; answers its exit code. */
  exec(request: Omit<ExecInStacklet, 'home'>, signal: AbortSignal): Promise<number>
  /** The commands of a stacklet's `cli/`, with what their HELP says. */
  commands(id: string, signal: AbortSignal): Promise<readonly StackletCommand[]>
  /** Runs one of them on our terminal; answers its exit code. */
  runCommand(request: Omit<RunCommand, 'home'>, signal: AbortSignal): Promise<number>
  /** The settings that count here, secrets masked, and the administrator's account. */
  settings(signal: AbortSignal): Promise<ShownSettings>
  /** The certificate that vouches for sites with `tls = "internal"`, as PEM. */
  rootCertificate(signal: AbortSignal): Promise<string>
  readonly secrets: Secrets
}

/** `home` is what `~` in paths means. */
export function operations(world: World, home: string): Operations {
  return {
    async containers(id, signal) {
      if (id !== null) await containersOfStacklet(world, id, home, signal)
      return ownContainers(world, id, signal)
    },
    logs: (request, signal) => showLogs(world, { ...request, home }, signal),
    exec: (request, signal) => execInStacklet(world, { ...request, home }, signal),
    commands: (id, signal) => listCommands(world, id, home, signal),
    runCommand: (request, signal) => runCommand(world, { ...request, home }, signal),
    settings: (signal) => showSettings(world, home, signal),
    rootCertificate: (signal) => rootCertificate(world, home, signal),
    secrets: secretsOf(world),
  }
}
