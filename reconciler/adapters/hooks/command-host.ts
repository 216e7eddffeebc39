import { writeSync } from 'node:fs'

import { StackError } from '../../model/errors.ts'
import type { CommandHost, CommandRequest } from '../../ports/hook-host.ts'
import { answerChild } from './answer-child.ts'
import { commandCaller } from './call-command.ts'
import { converse } from './child-channel.ts'
import { commandGreeting } from './command-greeting.ts'
import { findCommand, findCommands } from './find-commands.ts'
import { greetingLine } from './greeting.ts'
import { commandEnvironment } from './hook-environment.ts'
import { cannotRun } from './hook-failed.ts'
import type { HookWorld } from './hook-world.ts'
import { howToRun } from './how-to-run.ts'
import { ownSettings } from './own-settings.ts'
import { packagePlaces } from './package-places.ts'
import { runOnTerminal } from './run-on-terminal.ts'

export interface CommandHostOptions extends HookWorld {
  /** What a command gets as stdin, stdout and stderr. Default: our own. */
  readonly stdio?: readonly [number, number, number] | undefined
}

export function commandHost({ stdio = [0, 1, 2], ...world }: CommandHostOptions): CommandHost {
  const callCommand = commandCaller(world)

  async function run(request: CommandRequest, signal: AbortSignal): Promise<number> {
    const { file } = await findCommand(request.id, request.command, world.root)
    const name = `${request.id} ${request.command}`
    return start({ ...request, file }, signal).catch((error) => {
      throw error instanceof StackError ? error : cannotRun({ name, file }, error)
    })
  }

  async function start(request: CommandRequest & { readonly file: string }, signal: AbortSignal): Promise<number> {
    const { id, file, context } = request
    const places = packagePlaces()
    const settings = await ownSettings(id, context, world)
    const command = await commandGreeting({ ...request, isCalled: false }, world)
    const told = { told: {}, withheld: [] }
    const onLine = (line: string) => void writeSync(stdio[1], `${line}\n`)
    return runOnTerminal({
      argv: await howToRun({ file, instance: world.instance, places }),
      env: commandEnvironment(id, context, world.env, { ...world, python: places.python }),
      stdio,
      signal,
      converse: (socket) =>
        converse(socket, {
          greeting: greetingLine({ id, file, context, told, settings: settings.table, places: world, command }),
          onTold: () => {},
          answer: (ask) =>
            answerChild(ask, {
              ...{ id, signal, world, settings, learn: () => {} },
              callCommand: (called) => callCommand(called, { context, signal, onLine, timeoutMs: undefined }),
            }),
        }),
    })
  }

  return { list: (id) => findCommands(id, world.root), run }
}
