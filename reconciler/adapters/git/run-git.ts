import { simpleGit } from 'simple-git'

import { gitFailed } from './git-failed.ts'

export interface Git {
  /** What git printed. Throws `STACK_GIT_FAILED` for every exit code but 0, and the signal's reason when cancelled. */
  text(...argv: readonly string[]): Promise<string>
  /** Blobs by their ids, in one process. */
  batch(ids: readonly string[]): Promise<Uint8Array>
}

const longestSilenceMs = 30_000

/** git, run in one directory. Reading only: it takes no lock, runs no hook, asks nobody and reaches no network. */
export function gitIn(directory: string, signal: AbortSignal): Git {
  return {
    text: (...argv) => asked(directory, argv, signal, () => client(directory, signal).raw([...argv])),
    batch: (ids) => {
      const input = () => `${ids.join('\n')}\n`
      return asked(directory, ['cat-file'], signal, () => client(directory, signal, input).binaryCatFile(['--batch']))
    },
  }
}

async function asked<Answer>(
  directory: string,
  argv: readonly string[],
  signal: AbortSignal,
  ask: () => PromiseLike<Answer>,
): Promise<Answer> {
  signal.throwIfAborted()
  try {
    return await ask()
  } catch (error) {
    signal.throwIfAborted()
    throw gitFailed(error, directory, argv)
  }
}

/**
 * Two of these options are about truth: git's exit code decides, whatever it printed (by default silent failures and
 * killed processes pass), and an answer is complete only when the pipe is closed, not some time after the exit.
 */
function client(directory: string, signal: AbortSignal, input?: () => string) {
  return simpleGit({
    baseDir: directory,
    abort: signal,
    timeout: { block: longestSilenceMs },
    completion: { onClose: true, onExit: false },
    config: ['core.hooksPath=/dev/null', 'core.fsmonitor=false'],
    unsafe: { allowUnsafeHooksPath: true, allowUnsafeFsMonitor: true },
    allowEnvironment: ['GIT_TERMINAL_PROMPT', 'GIT_OPTIONAL_LOCKS'],
    errors: (error, { exitCode, stdErr }) =>
      exitCode === 0 ? error : Buffer.from(`git exited ${exitCode}: ${Buffer.concat(stdErr)}`),
    ...(input === undefined ? {} : { input }),
  }).env(environment())
}

function environment(): Record<string, string> {
  const { PATH = '', HOME = '', XDG_CONFIG_HOME } = process.env
  return {
    PATH,
    HOME,
    ...(XDG_CONFIG_HOME === undefined ? {} : { XDG_CONFIG_HOME }),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
  }
}
