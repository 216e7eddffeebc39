import { StackError } from '../../model/errors.ts'
import { commandGreeting } from './command-greeting.ts'
import { findCommand } from './find-commands.ts'
import type { HookWorld } from './hook-world.ts'
import { type CallCommand, type ProgramEnd, type ProgramRun, runProgram } from './run-program.ts'

/**
 * How a hook or command calls another command, also before that stacklet's first run has ended, and gets what its `run`
 * returned. A command that failed answers `{ error }`: the caller decides what that means.
 */
export function commandCaller(world: HookWorld): CallCommand {
  const callCommand: CallCommand = async (called, caller) => {
    const { file } = await findCommand(called.id, called.command, world.root)
    const run: ProgramRun = {
      ...caller,
      id: called.id,
      file,
      // What was rendered is the caller's; secrets may have come since.
      context: { ...caller.context, env: {}, secrets: await world.memory.secrets.read() },
      onTerminal: false,
      command: await commandGreeting({ ...called, isCalled: true }, world),
      callCommand,
    }
    return answerOf(await runProgram(run, world), `${called.id} ${called.command}`)
  }
  return callCommand
}

function answerOf({ ending, exception, result, output }: ProgramEnd, name: string): unknown {
  if (exception !== null) return { error: exception }
  if (ending.how === 'exited' && ending.code === 0) return result ?? { ok: true }
  if (ending.how === 'exited') return { error: output.at(-1) ?? `${name} ended with exit ${ending.code}` }
  throw new StackError('STACK_HOOK_FAILED', `${name} was ended`, { hint: 'mend what called it', output })
}
