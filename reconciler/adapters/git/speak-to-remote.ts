import type { Ran } from '../process/run.ts'
import { gitFailed } from './git-failed.ts'
import { branchOf, type RemoteBranch } from './remote-branch.ts'
import { withoutPassword } from './without-password.ts'
import { isBusy, startGit, type WritingGit } from './write-git.ts'

/** The instance's repository, with what it takes to speak to another one. */
export interface Clone {
  readonly instance: string
  readonly git: WritingGit
  /** A remote that says nothing for longer is not there. */
  readonly silenceMs: number
  readonly signal: AbortSignal
}

export type Spoken = { readonly said: string } | { readonly why: string }

/**
 * git, speaking to a remote. That it failed there is an answer, in git's own words; where another git is at work here it throws.
 * What takes long has to be called with `--progress`, or it counts as silent.
 */
export async function speakToRemote(clone: Clone, argv: readonly string[]): Promise<Spoken> {
  const { instance, signal, silenceMs } = clone
  const ran = await startGit(instance, argv, { signal, silenceMs })
  if (ran.exitCode === 0) return { said: ran.stdout }
  if (ran.timedOut) return { why: `it said nothing for ${silenceMs / 1000} s` }
  const own = ran.stderr.split('\n').filter((line) => !line.startsWith('remote: '))
  const failure = gitFailed(new Error(own.join('\n')), instance, argv)
  if (isBusy(failure)) throw failure
  return { why: withoutPassword(wordsOf(ran)) }
}

/** `origin main`, as a person calls it. */
export function nameOf(branch: RemoteBranch): string {
  return `${withoutPassword(branch.remote)} ${branchOf(branch)}`
}

const preamble = 'fatal: Could not read from remote repository.'

/** The line that says why: what ssh printed before git gave up, the ref that was refused, or the first complaint. */
function wordsOf({ stderr, signal }: Ran): string {
  const lines = stderr.split(/[\r\n]+/).filter((line) => line.trim() !== '')
  const refused = lines.find((line) => line.includes('! ['))
  if (refused !== undefined) return refused.replace(/^.*! \[[^\]]*\]\s*/, '').trim()
  const before = lines[lines.indexOf(preamble) - 1]
  const complaint = lines.find((line) => /^(?:fatal|error): /.test(line) && line !== preamble)
  const why = complaint ?? before ?? lines.at(-1)
  return why?.replace(/^(?:fatal|error): /, '').trim() ?? `git was ended by ${signal ?? 'nobody knows whom'}`
}
