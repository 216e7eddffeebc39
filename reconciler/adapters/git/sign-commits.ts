import { access } from 'node:fs/promises'
import { join } from 'node:path'

import { StackError } from '../../model/errors.ts'
import { inSomeonesName } from './commit-only.ts'
import { hasSigners, signersFile } from './verify-head.ts'
import type { WritingGit } from './write-git.ts'

/**
 * The settings with which git signs a commit here: with `.stack/signing_key` where it is there, else as git is set up. Tried on a
 * commit that nothing refers to: throws where that one cannot be signed, or does not verify.
 */
export async function signingSettings(instance: string, git: WritingGit): Promise<readonly string[]> {
  const settings = ['-c', 'commit.gpgSign=true', ...(await ownKey(instance))]
  const trial = await tried(() =>
    inSomeonesName(git.text, [...settings, 'commit-tree', '-S', '-m', 'trial', '-p', 'HEAD', 'HEAD^{tree}']),
  )
  if ('failed' in trial) throw refused('cannot be signed', trial.failed, howToSign)
  const trusted = (await hasSigners(instance)) ? ['-c', `gpg.ssh.allowedSignersFile=${signersFile(instance)}`] : []
  const check = await tried(() => git.text(...trusted, 'verify-commit', trial.answer))
  if ('failed' in check) throw refused('would not verify', check.failed, howToTrust)
  return settings
}

async function ownKey(instance: string): Promise<readonly string[]> {
  const key = join(instance, '.stack/signing_key')
  return access(key).then(
    () => ['-c', 'gpg.format=ssh', '-c', `user.signingKey=${key}`],
    () => [],
  )
}

async function tried(
  work: () => Promise<string>,
): Promise<{ readonly answer: string } | { readonly failed: StackError }> {
  try {
    return { answer: await work() }
  } catch (error) {
    if (error instanceof StackError && error.code === 'STACK_GIT_FAILED') return { failed: error }
    throw error
  }
}

const howToSign =
  'put an SSH key without a passphrase at .stack/signing_key, or tell git of one: git config user.signingKey'
const howToTrust =
  'add its public key to .stack/allowed_signers, or without that to the file that git config gpg.ssh.allowedSignersFile names; see git verify-commit'

function refused(what: string, { output, message, cause }: StackError, hint: string): StackError {
  const lines = output.map((line) => line.replace(/^git exited \S+ /, '').replace(/^(?:error|fatal): /, ''))
  const words = lines.filter((line) => line.trim() !== '').at(-1) ?? message
  return new StackError(
    'STACK_GIT_FAILED',
    `[git].verify asks for signed commits, and one that is made here ${what}: ${words}`,
    { hint, output: lines.slice(0, -1), cause, terminal: true },
  )
}
