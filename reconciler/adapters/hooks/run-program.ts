import { extname } from 'node:path'
import type { StartedHook } from '../../model/hook.ts'
import type { StackletId } from '../../model/names.ts'
import type { StackletContext } from '../../ports/hook-host.ts'
import { answerChild, type CalledCommand } from './answer-child.ts'
import { converse, type Told } from './child-channel.ts'
import { type CommandGreeting, greetingLine } from './greeting.ts'
import { hookEnvironment } from './hook-environment.ts'
import { hookLines } from './hook-lines.ts'
import type { HookWorld } from './hook-world.ts'
import { howToRun } from './how-to-run.ts'
import { ownSettings } from './own-settings.ts'
import { packagePlaces } from './package-places.ts'
import { scrubber } from './scrub.ts'
import { type Ending, supervise } from './supervise.ts'

export interface ProgramRun {
  readonly id: StackletId
  /** Absolute path of the hook or command. */
  readonly file: string
  readonly context: StackletContext
  readonly timeoutMs: number | undefined
  readonly signal: AbortSignal
  readonly onLine: (line: string) => void
  readonly onStarted?: ((started: StartedHook) => Promise<void> | void) | undefined
  readonly onTerminal: boolean
  /** For a command that a hook calls. */
  readonly command: CommandGreeting | null
  readonly callCommand: CallCommand
}

/** Answers what the command returned. */
export type CallCommand = (
  called: CalledCommand,
  caller: Pick<ProgramRun, 'context' | 'timeoutMs' | 'signal' | 'onLine'>,
) => Promise<unknown>

export interface ProgramEnd {
  readonly ending: Ending
  /** What its own exception said; null where it said none. */
  readonly exception: string | null
  /** What a command's `run` returned. */
  readonly result: unknown
  readonly output: readonly string[]
}

/** Runs a stacklet's program under supervision, with everything it may ask of us. Rejects when it cannot be started. */
export async function runProgram(run: ProgramRun, world: HookWorld): Promise<ProgramEnd> {
  const { id, file, context, onLine, onTerminal } = run
  const places = packagePlaces()
  const environment = hookEnvironment(id, context, world.env, { ...world, python: places.python })
  const settings = await ownSettings(id, context, world)
  const { scrub, learn } = scrubber(context.secrets)
  const learnAll = async () => Object.values(await world.memory.secrets.read()).map((secret) => learn(secret.reveal()))
  const lines = hookLines({ scrub, onTold: onLine, onPrinted: onTerminal ? () => {} : onLine })
  const heard = hearing(lines.tell)
  const over = new AbortController()
  const signal = AbortSignal.any([run.signal, over.signal])
  const callCommand = (called: CalledCommand) =>
    run.callCommand(called, { ...run, signal, onLine: lines.tell }).finally(learnAll)
  let answered = (): Promise<unknown> => Promise.resolve()

  const ending = await supervise({
    ...run,
    argv: await howToRun({ file, instance: world.instance, places }),
    cwd: world.instance,
    env: environment.process,
    stdio: onTerminal ? ['inherit', 'inherit', 'pipe'] : ['ignore', 'pipe', 'pipe'],
    onOutput: (chunk, stream) => {
      if (onTerminal) process.stderr.write(chunk)
      lines.push(chunk, stream)
    },
    converse: (socket) => {
      const greeting = greetingLine({ ...run, told: environment, settings: settings.table, places: world })
      answered = converse(socket, {
        greeting: extname(file) === '.sh' ? 'begin' : greeting,
        onTold: heard.hear,
        answer: (ask) => answerChild(ask, { id, signal, world, settings, learn, callCommand }),
      })
    },
  }).finally(() => over.abort())
  await answered()
  const exception = heard.exception()
  return { ending, exception: exception && scrub(exception), result: heard.result(), output: lines.end() }
}

function hearing(tell: (text: string) => void) {
  let exception: string | null = null
  let result: unknown = null

  function hear(told: Told): void {
    if (told.tell === 'step') tell(told.text)
    if (told.tell === 'warn') tell(`warning: ${told.text}`)
    if (told.tell === 'failed') exception = told.text
    if (told.tell === 'result') result = told.value
  }
  return { hear, exception: () => exception, result: () => result }
}
