import { setTimeout as sleep } from 'node:timers/promises'

import { StackError } from '../../model/errors.ts'
import { type Ran, run } from '../process/run.ts'
import { gitFailed } from './git-failed.ts'

/** git, changing things in one directory: it runs no hook, signs nothing unless told, asks nobody. */
export interface WritingGit {
  /** What it printed. Throws `STACK_GIT_FAILED` for every exit code but 0. */
  text(...argv: readonly string[]): Promise<string>
  /** The same, with something on its stdin. */
  given(input: string, ...argv: readonly string[]): Promise<string>
  /** What it printed, null where it failed. */
  textOrNull(...argv: readonly string[]): Promise<string | null>
  /** As `text`, and waits a little for another git process that holds the index or a branch. */
  patiently(...argv: readonly string[]): Promise<string>
}

/** A remote that does not answer within this is not there. */
const longestMs = 60_000
const pauseMs = 100

export function gitWritingIn(
  directory: string,
  patienceMs: number,
  signal: AbortSignal,
  variables: Readonly<Record<string, string>> = {},
): WritingGit {
  const given = async (input: string | undefined, ...argv: readonly string[]): Promise<string> => {
    const ran = await startGit(directory, argv, { signal, input, env: variables })
    if (ran.exitCode === 0) return ran.stdout.trimEnd()
    throw failure(ran, directory, argv)
  }
  const text = (...argv: readonly string[]): Promise<string> => given(undefined, ...argv)
  return {
    text,
    given,
    textOrNull: async (...argv) => {
      const ran = await startGit(directory, argv, { signal, env: variables })
      return ran.exitCode === 0 ? ran.stdout.trimEnd() : null
    },
    patiently: (...argv) =>
      patiently(() => text(...argv), patienceMs, signal).catch((error) => {
        throw isBusy(error) ? busy(directory, error) : error
      }),
  }
}

async function patiently<Answer>(
  work: () => Promise<Answer>,
  patienceMs: number,
  signal: AbortSignal,
): Promise<Answer> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pauseMs) {
    try {
      return await work()
    } catch (error) {
      if (!isBusy(error)) throw error
      await sleep(pauseMs, undefined, { signal })
    }
  }
  return work()
}

export interface StartOptions {
  readonly signal: AbortSignal
  /** How long it may print nothing. Default: as long as the whole may take, a minute. */
  readonly silenceMs?: number
  readonly input?: string | undefined
  /** Beside the person's own. */
  readonly env?: Readonly<Record<string, string>>
}

/** Answers, whatever git's exit code was. It leads a process group: nothing of it is left when it is cut short, no ssh either. */
export async function startGit(
  directory: string,
  argv: readonly string[],
  { signal, silenceMs, input, env = {} }: StartOptions,
): Promise<Ran> {
  signal.throwIfAborted()
  const ran = await run(['git', ...settings, '--literal-pathspecs', ...argv], {
    cwd: directory,
    env: { ...environment(), ...env },
    input,
    signal,
    ...(silenceMs === undefined ? { timeoutMs: longestMs } : { silenceMs }),
  }).catch((error) => {
    throw gitFailed(error, directory, argv)
  })
  signal.throwIfAborted()
  return ran
}

const settings = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.quotePath=false',
  'commit.gpgSign=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'user.useConfigOnly=true',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
].flatMap((setting) => ['-c', setting])

/** The person's own, for the identity and the way to a remote; but which repository is meant is said by the directory alone. */
function environment(): NodeJS.ProcessEnv {
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_PREFIX, GIT_NAMESPACE, GIT_OBJECT_DIRECTORY, ...rest } =
    process.env
  return { SSH_ASKPASS_REQUIRE: 'never', ...rest, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: 'false' }
}

function failure(ran: Ran, directory: string, argv: readonly string[]): StackError {
  if (ran.timedOut) {
    const [command] = commandIn(argv)
    const hint = `see whether the remote answers: git -C ${directory} fetch`
    return new StackError('STACK_TIMED_OUT', `git ${command} took longer than ${longestMs / 1000} s`, { hint })
  }
  return gitFailed(new Error(`git exited ${ran.exitCode}: ${ran.stderr || ran.stdout}`), directory, commandIn(argv))
}

/** Without the settings before it. */
function commandIn(argv: readonly string[]): readonly string[] {
  return argv[0] === '-c' ? commandIn(argv.slice(2)) : argv
}

/** Another git holds a lock file, or moved the branch between two looks of ours. */
export function isBusy(error: unknown): boolean {
  return error instanceof StackError && error.output.some((line) => /\.lock': File exists|but expected/.test(line))
}

/** The lock file that a failed git named, null where it failed otherwise. */
export function lockFileIn(error: unknown): string | null {
  if (!(error instanceof StackError) || !isBusy(error)) return null
  return /'([^']+\.lock)'/.exec(error.output.join('\n'))?.[1] ?? null
}

function busy(directory: string, cause: unknown): StackError {
  const file = lockFileIn(cause) ?? undefined
  const hint = file === undefined ? 'wait until it has ended' : `wait until it has ended; if none runs: rm ${file}`
  const output = cause instanceof StackError ? cause.output : []
  return new StackError('STACK_LOCKED', `another git process has been at work in ${directory}`, { hint, cause, output })
}
