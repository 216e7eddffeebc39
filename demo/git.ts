import { run } from '../reconciler/adapters/process/run.ts'
import { StackError } from '../reconciler/model/errors.ts'

/** git in one folder, as if nobody had configured it: no identity, hook, template or signature of the user's has a say. */
export type Git = (...words: readonly string[]) => Promise<string>

const settings = {
  'user.name': 'Stackloop demo',
  'user.email': 'demo@stackloop.invalid',
  'commit.gpgSign': 'false',
  'core.hooksPath': '/dev/null',
  'core.autocrlf': 'false',
  'init.defaultBranch': 'main',
}

export function gitIn(folder: string, env: NodeJS.ProcessEnv): Git {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return async (...words) => {
    const ran = await run(['git', ...flags, ...words], { cwd: folder, env: alone(env) }).catch(notInstalled)
    if (ran.exitCode === 0) return ran.stdout.trimEnd()
    const said = ran.stderr.trim().split('\n')
    throw new StackError('STACK_GIT_FAILED', `git ${words[0]} failed in ${folder}: ${said.at(-1)}`, {
      hint: `look at that folder, or remove it and begin again: npm run demo -- --stop`,
      output: said.slice(-10),
    })
  }
}

function alone(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
}

function notInstalled(cause: unknown): never {
  throw new StackError('STACK_GIT_FAILED', 'git is not installed, or not in PATH', { hint: 'install git', cause })
}
