import { access } from 'node:fs/promises'
import { join } from 'node:path'

import { StackError } from '../../model/errors.ts'
import type { Revision } from '../../model/names.ts'
import type { NotFollowed } from '../../ports/upstream.ts'
import type { WritingGit } from './write-git.ts'

type Unverified = Extract<NotFollowed, { readonly kind: 'unverified' }>

/** Where this host keeps whose signatures count; no commit can change it. */
export function signersFile(instance: string): string {
  return join(instance, '.stack/allowed_signers')
}

export async function hasSigners(instance: string): Promise<boolean> {
  return access(signersFile(instance)).then(
    () => true,
    () => false,
  )
}

/**
 * Null for a commit that a key in `.stack/allowed_signers` signed. The head vouches for what led to it. A signature that is not
 * made by SSH counts for nothing: any key in the keyring of whoever runs this would do.
 */
export async function verifyHead(instance: string, revision: Revision, git: WritingGit): Promise<Unverified | null> {
  const short = revision.slice(0, 7)
  if (!(await hasSigners(instance))) {
    return {
      kind: 'unverified',
      revision,
      message: `[git].verify asks for signed commits, and nobody is trusted: there is no ${signersFile(instance)}`,
      hint: `write it, a line for each who may sign: echo "you@example.org $(cat ~/.ssh/id_ed25519.pub)" >> ${signersFile(instance)}`,
    }
  }
  try {
    await git.text(...signedBy(instance), 'verify-commit', revision)
    return null
  } catch (error) {
    if (!(error instanceof StackError) || error.code !== 'STACK_GIT_FAILED') throw error
    return {
      kind: 'unverified',
      revision,
      message: `${short} is not signed by anybody in .stack/allowed_signers: ${wordsOf(error)}`,
      hint: `sign the head and push it (git commit --amend -S --no-edit), or add the signer's key to ${signersFile(instance)}`,
    }
  }
}

/** Whoever signed by other means than SSH signed with nothing that counts. */
function signedBy(instance: string): readonly string[] {
  const settings = [
    `gpg.ssh.allowedSignersFile=${signersFile(instance)}`,
    'gpg.program=false',
    'gpg.openpgp.program=false',
  ]
  return [...settings, 'gpg.x509.program=false', 'gpg.minTrustLevel=fully'].flatMap((setting) => ['-c', setting])
}

/** git says nothing at all of a commit without a signature. */
function wordsOf({ output }: StackError): string {
  const said = output.map((line) => line.replace(/^git exited \S+ ?/, '').trim()).filter((line) => line !== '')
  if (said.length === 0) return 'it has no signature'
  return said.find((line) => /No principal|key is not|unknown key|revoked|expired/i.test(line)) ?? said[0] ?? ''
}
