import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'

import { StackError } from '../../model/errors.ts'
import type { RepositoryCondition, RepositoryProbe, RepositoryQuestion } from '../../ports/repository-probe.ts'
import { newRepository } from './new-repository.ts'
import { remoteBranch } from './remote-branch.ts'
import { withoutPassword } from './without-password.ts'
import { gitWritingIn, type WritingGit } from './write-git.ts'

export interface RepositoryProbeOptions {
  /** Absolute. */
  readonly instance: string
}

/** A remote that takes longer is as good as not there for a person who waits. */
const remoteMs = 15_000

export function repositoryProbe({ instance }: RepositoryProbeOptions): RepositoryProbe {
  const repository = newRepository({ folder: instance })
  return {
    async look(question, signal) {
      try {
        const { state, person } = await repository.look(signal)
        if (state === 'none') return { ...nothing, person }
        return { ...nothing, state, person, ...(await lookInside(instance, question, signal)) }
      } catch (thrown) {
        signal.throwIfAborted()
        if (!(thrown instanceof StackError)) throw thrown
        return { ...nothing, state: 'broken', problem: { message: thrown.message, hint: thrown.hint } }
      }
    },
  }
}

const nothing: RepositoryCondition = {
  state: 'none',
  problem: null,
  person: null,
  headAtMs: null,
  lock: null,
  notIgnored: [],
  tracked: [],
  remote: null,
}

async function lookInside(instance: string, question: RepositoryQuestion, signal: AbortSignal) {
  const git = gitWritingIn(instance, 0, signal)
  const headAt = await git.textOrNull('log', '-1', '--format=%ct')
  // check-ignore takes no literal paths, and exits 1 where nothing is ignored.
  const asked = ['--no-literal-pathspecs', 'check-ignore', '--no-index', '--', ...question.ignored]
  const ignored = (await git.textOrNull(...asked)) ?? ''
  return {
    headAtMs: headAt === null || headAt === '' ? null : Number(headAt) * 1000,
    lock: await lockOf(git, instance),
    notIgnored: question.ignored.filter((path) => !ignored.split('\n').includes(path)),
    tracked: (await git.text('ls-files', '--', '.stack', 'stacklets')).split('\n').filter(isPrivate),
    remote: await remoteOf(git, instance, question, signal),
  }
}

function isPrivate(path: string): boolean {
  return path.startsWith('.stack/') || path.endsWith('/.env')
}

async function lockOf(git: WritingGit, instance: string): Promise<RepositoryCondition['lock']> {
  const path = resolve(instance, await git.text('rev-parse', '--git-path', 'index.lock'))
  const found = await stat(path).catch(() => null)
  return found === null ? null : { path, sinceMs: found.mtimeMs }
}

async function remoteOf(
  git: WritingGit,
  instance: string,
  question: RepositoryQuestion,
  signal: AbortSignal,
): Promise<RepositoryCondition['remote']> {
  const target = await remoteBranch(git, question)
  if (target === null) return null
  const name = withoutPassword(target.remote)
  const late = AbortSignal.timeout(remoteMs)
  try {
    await gitWritingIn(instance, 0, AbortSignal.any([signal, late])).text('ls-remote', '--heads', '--', target.remote)
    return { name, failure: null }
  } catch (thrown) {
    signal.throwIfAborted()
    if (late.aborted) return { name, failure: `it did not answer within ${remoteMs / 1000} s` }
    return { name, failure: withoutPassword(wordsOf(thrown as Error)) }
  }
}

/** git's own reason, which its last lines explain at length. */
function wordsOf(error: Error): string {
  return error.message.replace(/^git \S+ failed in .*?: /, '')
}
