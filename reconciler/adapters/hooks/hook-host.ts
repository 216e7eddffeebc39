import { inTurn } from '../../lib/in-turn.ts'
import { StackError } from '../../model/errors.ts'
import type { HookHost, HookRequest, WordsRequest } from '../../ports/hook-host.ts'
import { commandCaller } from './call-command.ts'
import { endSurvivors } from './end-survivors.ts'
import { cancelledBefore, cannotRun, failureOf } from './hook-failed.ts'
import { mustBeOneKind } from './hook-kinds.ts'
import type { HookWorld } from './hook-world.ts'
import { type ProgramRun, runProgram } from './run-program.ts'
import { runShellWords } from './run-shell-words.ts'

export interface HookHostOptions extends HookWorld {
  /** Hooks get our own stdin and stdout, one hook at a time: a person sits there. Default: no stdin, and every line told. */
  readonly interactive?: boolean | undefined
}

export function hookHost({ interactive = false, ...world }: HookHostOptions): HookHost {
  const turn = inTurn()
  const callCommand = commandCaller(world)

  async function run(request: HookRequest, signal: AbortSignal): Promise<void> {
    const name = `${request.event} of ${request.id}`
    if (signal.aborted) throw cancelledBefore(name)
    await mustBeOneKind(request)
    const hook: ProgramRun = {
      ...request,
      signal,
      onTerminal: interactive,
      command: null,
      callCommand,
    }
    const end = await runProgram(hook, world).catch(unlessOurs({ name, file: request.file }))
    const failure = failureOf({ ...request, name, hint: hintFor(request, interactive) }, end)
    if (failure !== null) throw failure
  }

  async function runWords(request: WordsRequest, signal: AbortSignal): Promise<void> {
    const place = { name: `a command of ${request.id}`, file: `stacklets/${request.id}/stacklet.toml` }
    if (signal.aborted) throw cancelledBefore(place.name)
    const end = await runShellWords(request, signal, world).catch(unlessOurs(place))
    const failure = failureOf({ ...request, ...place, hint: `mend [services] in ${place.file}` }, end)
    if (failure !== null) throw failure
  }

  return {
    run: (request, signal) => (interactive ? turn(() => run(request, signal)) : run(request, signal)),
    runWords,
    endSurvivors,
  }
}

function unlessOurs(place: { readonly name: string; readonly file: string }) {
  return (error: Error): never => {
    throw error instanceof StackError ? error : cannotRun(place, error)
  }
}

function hintFor({ event, id, file }: HookRequest, interactive: boolean): string {
  const mayAsk = event === 'on_configure' && !interactive
  return mayAsk ? `run stack up ${id} on a terminal: it may have a question` : `mend ${file}, then run it again`
}
