import type { HookEvent, StartedHook } from '../model/hook.ts'
import type { StackletId } from '../model/names.ts'
import type { Secret } from '../model/secret.ts'
import type { User } from '../model/settings.ts'

/** Runs a stacklet's own programs, each in a child process that leads a process group of its own, at the file's real path. */
export interface HookHost {
  /**
   * Runs one hook to its end. Resolves when it succeeded; throws `STACK_HOOK_FAILED` with its last lines when it did not,
   * `STACK_TIMED_OUT` when it took longer than `timeoutMs`, and `STACK_CANCELLED`. Its process group is gone then, however it
   * ended; where it did not end well, so is whatever it started in other groups.
   */
  run(request: HookRequest, signal: AbortSignal): Promise<void>
  /**
   * Runs a shell's words: what `[services]` of a manifest says starts or stops a program of the host, with bash and the
   * environment of a shell hook. What they leave running behind them is meant to run on. Throws like `run`.
   */
  runWords(request: WordsRequest, signal: AbortSignal): Promise<void>
  /** Ends what survives of a hook that an earlier run of ours had started. Nothing is left, or was left, when it resolves. */
  endSurvivors(started: StartedHook): Promise<void>
}

export interface HookRequest {
  readonly id: StackletId
  readonly event: HookEvent
  /** Absolute path of `hooks/<event>.{ts,js,py,sh}`. */
  readonly file: string
  readonly context: StackletContext
  readonly timeoutMs: number
  /** One line that the hook printed or told through `ctx.step`; it holds no known secret. */
  readonly onLine: (line: string) => void
  /** The child is there and has run nothing of the hook: it begins when this resolves. */
  readonly onStarted?: (started: StartedHook) => Promise<void> | void
}

export type WordsRequest = Omit<HookRequest, 'event' | 'file' | 'onStarted'> & { readonly words: string }

/** Runs what stands in a stacklet's `cli/`. */
export interface CommandHost {
  /** The commands of one stacklet, by name, with what their `HELP` says. Executes nothing. */
  list(id: StackletId): Promise<readonly StackletCommand[]>
  /** Runs one on our own terminal and answers its exit code. Throws `STACK_HOOK_FAILED` where it cannot be started. */
  run(request: CommandRequest, signal: AbortSignal): Promise<number>
}

export interface StackletCommand {
  readonly name: string
  /** Empty where it says nothing. */
  readonly help: string
  /** Absolute path of `cli/<name>.{ts,js,py}`. */
  readonly file: string
}

export interface CommandRequest {
  readonly id: StackletId
  readonly command: string
  /** What follows the command's name, untouched. */
  readonly args: readonly string[]
  readonly context: StackletContext
}

/** What a hook or a stacklet's command is told about the world. */
export interface StackletContext {
  /** The rendered environment, whole. */
  readonly env: Readonly<Record<string, Secret>>
  /** Every secret by full name; `ctx.secret` looks up `<id>__NAME`, then `global__NAME`. */
  readonly secrets: Readonly<Record<string, Secret>>
  readonly users: readonly User[]
  /** `stack.toml` and the local settings over it, table by table. */
  readonly settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly dataDir: string
  readonly domain: string
}
