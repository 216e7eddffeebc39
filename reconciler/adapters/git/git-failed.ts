import { StackError } from '../../model/errors.ts'

/** What went wrong with git, and what helps. */
export function gitFailed(error: unknown, directory: string, argv: readonly string[]): StackError {
  if (error instanceof StackError) return error

  const said = error instanceof Error ? error.message : String(error)
  const { message, hint } = remedies.find(({ sign }) => sign.test(said))?.remedy(directory, said) ?? {
    message: `git ${argv[0]} failed in ${directory}: ${firstComplaint(said)}`,
    hint: `run git status in ${directory} and put right what it says`,
  }
  return new StackError('STACK_GIT_FAILED', message, { hint, cause: error, output: lastLines(said) })
}

export function noRepository(directory: string): StackError {
  return new StackError('STACK_GIT_FAILED', `${directory} is not in a git repository`, {
    hint: `run git init in ${directory} and commit desired/, stacklets/, stack.toml and users.toml`,
    terminal: true,
  })
}

export function noCommitCalled(reference: string, cause: unknown): StackError {
  return new StackError('STACK_GIT_FAILED', `there is no commit called ${JSON.stringify(reference)}`, {
    hint: 'name a branch, a tag or a commit that git log shows',
    terminal: true,
    cause,
  })
}

/** Why git refused, as opposed to every other way to fail. */
export const saysNoRepository = says('not a git repository')
export const saysNoCommit = says('does not have any commits yet')
export const saysNotFound = says('Needed a single revision')

function says(words: string): (error: unknown) => boolean {
  return (error) => error instanceof StackError && error.output.some((line) => line.includes(words))
}

interface Remedy {
  readonly message: string
  readonly hint: string
}

const remedies: readonly { readonly sign: RegExp; remedy(directory: string, said: string): Remedy }[] = [
  {
    sign: /dubious ownership/,
    remedy: (directory, said) => ({
      message: `git does not read ${directory}: it belongs to another user`,
      hint: `run ${/git config --global --add safe\.directory .+/.exec(said)?.[0] ?? `git config --global --add safe.directory ${directory}`}`,
    }),
  },
  {
    sign: /spawn git ENOENT/,
    remedy: () => ({ message: 'git is not installed, or not in PATH', hint: 'install git' }),
  },
  {
    sign: /directory that does not exist/,
    remedy: (directory) => ({
      message: `${directory} does not exist`,
      hint: 'check the path, or run stack init there',
    }),
  },
  {
    sign: /block timeout reached/,
    remedy: (directory) => ({
      message: `git said nothing for 30 s in ${directory}`,
      hint: `run git status in ${directory}; a disk or network folder may not answer`,
    }),
  },
]

function firstComplaint(said: string): string {
  return /^(?:git exited \S+ )?(?:fatal|error): (.+)$/m.exec(said)?.[1] ?? (said.trim() || 'it did not say why')
}

function lastLines(said: string): readonly string[] {
  return said.trim().split('\n').slice(-10)
}
