import { Argument, type Command } from 'commander'
import type { AdoptOptions } from './commands/adopt.ts'
import type { CommandContext, JsonOption } from './commands/command.ts'
import type { DoctorOptions } from './commands/doctor.ts'
import type { InitOptions } from './commands/init.ts'
import type { LogsOptions } from './commands/logs.ts'
import type { RotateOptions } from './commands/secrets.ts'
import { command, plainCommand } from './define-command.ts'
import { type Shell, shells } from './show/completion.ts'

type Finish = (code: number) => void

/** Where an instance and its host begin. */
export function addBeginning(program: Command, context: CommandContext, finish: Finish): void {
  command(
    program,
    'init [dir]',
    'make an instance: a folder, a git repository, first files',
    'stack init ~/home-server',
  )
    .option('--data-dir <dir>', 'where stacklets keep their data')
    .option('--domain <domain>', 'services get names below it, such as home.internal')
    .option('--yes', 'ask nothing')
    .action(async (directory: string | undefined, options: InitOptions) =>
      finish(await (await import('./commands/init.ts')).init(context, directory, options)),
    )
}

/** How what ran here before becomes a part of the instance. */
export function addAdopt(program: Command, context: CommandContext, finish: Finish): void {
  command(program, 'adopt <project>', 'make a stacklet of a running Compose project', 'stack adopt wiki --dry-run')
    .option('--id <id>', 'what the stacklet is called; without it, as the project is')
    .option('--dry-run', 'only show what it would do')
    .action(async (project: string, options: AdoptOptions) =>
      finish(await (await import('./commands/adopt.ts')).adopt(context, project, options)),
    )
}

/** Whether all is well, before anything is asked of it. */
export function addDoctor(program: Command, context: CommandContext, finish: Finish): void {
  command(program, 'doctor', 'whether everything is here that this host needs', 'stack doctor --fix')
    .option('--fix', 'mend what can be mended safely, and say what')
    .option('--yes', 'with --fix: fetch and start a Docker engine where there is none')
    .action(async (options: DoctorOptions) =>
      finish(await (await import('./commands/doctor.ts')).doctor(context, options)),
    )
}

/** Looking at what runs, and working in it. */
export function addTools(program: Command, context: CommandContext, finish: Finish): void {
  command(program, 'ps [id]', 'the containers of this instance', 'stack ps --json').action(
    async (id: string | undefined, options: JsonOption) =>
      finish(await (await import('./commands/ps.ts')).ps(context, id, options)),
  )
  plainCommand(program, 'logs <id>', 'what the services of a stacklet print', 'stack logs photos -f')
    .option('-f, --follow', 'go on until Ctrl-C, over restarts too')
    .option('--tail <lines>', 'of each container the last so many lines, or "all"', '200')
    .action(async (id: string, options: LogsOptions) =>
      finish(await (await import('./commands/logs.ts')).logs(context, id, options)),
    )
  plainCommand(
    program,
    'exec <id> [service]',
    'run a program in a container',
    'stack exec photos db -- psql -U postgres',
  )
    .usage('<id> [service] -- CMD…')
    .action(async (id: string, service: string | undefined) =>
      finish(await (await import('./commands/exec.ts')).exec(context, id, service)),
    )
  addConfig(program, context, finish)
  addSecrets(program, context, finish)
  plainCommand(
    program,
    'completion',
    'the script that completes words in your shell',
    'source <(stack completion bash)',
  )
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .action(async (shell: Shell) => finish((await import('./commands/completion.ts')).completion(context, shell)))
}

function addConfig(program: Command, context: CommandContext, finish: Finish): void {
  const commands = () => import('./commands/config.ts')
  const config = command(
    program,
    'config',
    'the settings that count here, secrets masked',
    'stack config --json',
  ).enablePositionalOptions()
  config.action(async (options: JsonOption) => finish(await (await commands()).config(context, options)))
  command(config, 'admin', "the administrator's account", 'stack config admin').action(async (options: JsonOption) =>
    finish(await (await commands()).configAdmin(context, options)),
  )
  const ca = command(
    config,
    'ca',
    'the certificate that vouches for sites with tls = "internal"',
    'stack config ca > root.crt',
  )
  ca.action(async (options: JsonOption) => finish(await (await commands()).configCa(context, options)))
}

function addSecrets(program: Command, context: CommandContext, finish: Finish): void {
  const commands = () => import('./commands/secrets.ts')
  const secrets = plainCommand(program, 'secrets', 'the secrets of this host', 'stack secrets list')
  command(secrets, 'list', 'their names', 'stack secrets list').action(async (options: JsonOption) =>
    finish(await (await commands()).listSecrets(context, options)),
  )
  command(secrets, 'get <name>', 'print one', 'stack secrets get photos__DB_PASSWORD').action(
    async (name: string, options: JsonOption) => finish(await (await commands()).getSecret(context, name, options)),
  )
  command(secrets, 'set <name>', 'write one, from stdin or unseen', 'stack secrets set docs__API_KEY < key.txt').action(
    async (name: string, options: JsonOption) => finish(await (await commands()).setSecret(context, name, options)),
  )
  command(secrets, 'rm <name>', 'remove one', 'stack secrets rm docs__API_KEY').action(
    async (name: string, options: JsonOption) => finish(await (await commands()).removeSecret(context, name, options)),
  )
  command(
    secrets,
    'rotate <name>',
    'make a new value, keep the old until it is handed out',
    'stack secrets rotate docs__KEY',
  )
    .option('--yes', 'do not ask')
    .action(async (name: string, options: RotateOptions) =>
      finish(await (await commands()).rotateSecret(context, name, options)),
    )
}
