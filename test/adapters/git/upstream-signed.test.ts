import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { run } from '../../../reconciler/adapters/process/run.ts'
import { type RepositoryFolder, repositoryFolder } from './repository-folder.ts'
import { desired, type UpstreamFolders, upstreamFolders } from './upstream-folders.ts'

const signed = { verify: 'signed' } as const
let folders: UpstreamFolders
let keys: RepositoryFolder

beforeEach(async () => {
  keys = repositoryFolder()
  vi.stubEnv('HOME', keys.path)
  folders = upstreamFolders()
  await key('trusted')
  await key('stranger')
  folders.other.git('config', 'gpg.format', 'ssh')
})
afterEach(() => {
  vi.unstubAllEnvs()
  folders.remove()
  keys.remove()
})

async function key(name: string, folder = keys): Promise<void> {
  await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(folder.path, name)])
}

function trust(...names: readonly string[]): void {
  const lines = names.map((name) => `${name}@example.org ${readFileSync(join(keys.path, `${name}.pub`), 'utf8')}`)
  folders.host.write('.stack/allowed_signers', lines.join(''))
}

function signAs(name: string | null): void {
  folders.other.git('config', 'commit.gpgSign', String(name !== null))
  folders.other.git('config', 'user.signingKey', join(keys.path, name ?? 'none'))
}

describe('a branch whose commits have to be signed', () => {
  it('is followed where somebody trusted signed its head, and what led there is vouched for', async () => {
    trust('trusted')
    signAs(null)
    folders.push('README.md', 'unsigned\n')
    signAs('trusted')
    const to = folders.push(desired, 'two\n')

    expect(await folders.follow(signed)).toMatchObject({ kind: 'moved', to })
    expect(await folders.follow(signed)).toMatchObject({ kind: 'same' })
  })

  it.each([
    ['nobody signed', null, ['trusted'], /is not signed by anybody in \.stack\/allowed_signers: it has no signature/],
    ['a stranger signed', 'stranger', ['trusted'], /is not signed by anybody .*: No principal matched/],
    ['somebody signed while nobody is trusted', 'trusted', [], /is not signed by anybody/],
  ] as const)('is not followed where %s, and nothing is touched', async (_, signer, trusted, message) => {
    trust(...trusted)
    signAs(signer)
    const before = folders.head()
    const revision = folders.push(desired, 'two\n')

    expect(await folders.follow(signed)).toMatchObject({
      kind: 'unverified',
      revision,
      message: expect.stringMatching(message),
      hint: expect.stringContaining('.stack/allowed_signers'),
    })
    expect([folders.head(), folders.read(), folders.status()]).toEqual([before, 'one\n', ''])
    expect(folders.host.git('for-each-ref', 'refs/stack')).toBe('')
  })

  it('is not followed where the file of who is trusted is missing', async () => {
    signAs('trusted')
    folders.push(desired, 'two\n')

    expect(await folders.follow(signed)).toMatchObject({
      kind: 'unverified',
      message: expect.stringContaining('nobody is trusted: there is no'),
      hint: expect.stringContaining('echo'),
    })
  })

  it('is not followed for what git itself trusts, nor for a commit that brings its own list', async () => {
    trust('trusted')
    folders.host.git('config', 'gpg.ssh.allowedSignersFile', join(keys.path, 'stranger.allowed'))
    keys.write('stranger.allowed', `x@example.org ${readFileSync(join(keys.path, 'stranger.pub'), 'utf8')}`)
    signAs('stranger')
    folders.other.write('.gitignore', '')
    folders.push('.stack/allowed_signers', readFileSync(join(keys.path, 'stranger.allowed'), 'utf8'))

    expect(await folders.follow(signed)).toMatchObject({ kind: 'unverified' })
  })

  it('is not followed for a signature that is not of SSH, whatever its program says', async () => {
    trust('trusted')
    keys.writeExecutable('gpg', '#!/bin/sh\necho "[GNUPG:] GOODSIG 1 x" ; echo "[GNUPG:] VALIDSIG 1"; exit 0\n')
    folders.host.git('config', 'gpg.program', join(keys.path, 'gpg'))
    const unsigned = folders.push(desired, 'two\n')
    const text = folders.other.git('cat-file', 'commit', unsigned)
    const forged = text.replace(
      /\n\n/,
      '\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n',
    )
    folders.other.write('.git/forged', `${forged}\n`)
    const revision = folders.other.git('hash-object', '-t', 'commit', '-w', '.git/forged')
    folders.other.git('push', '-q', '--force', 'origin', `${revision}:main`)

    expect(await folders.follow(signed)).toMatchObject({ kind: 'unverified', revision })
  })

  it('counts the commit that is here, too: one that nobody signed is not run', async () => {
    trust('trusted')
    const revision = folders.head()

    expect(await folders.follow(signed)).toMatchObject({ kind: 'unverified', revision })
    expect(await folders.follow({ ...signed, remote: '/no/such' })).toMatchObject({ kind: 'unverified', revision })
    folders.host.git('remote', 'remove', 'origin')
    expect(await folders.follow(signed)).toMatchObject({ kind: 'unverified', revision })
  })

  it('gets no commit of this host that is not signed', async () => {
    trust('trusted')
    signAs('trusted')
    folders.push(desired, 'two\n')
    await folders.follow(signed)
    folders.host.write(desired, 'three\n')
    folders.host.git('commit', '-q', '-a', '-m', 'unsigned')
    const before = folders.remote.git('rev-parse', 'main')

    expect(await folders.follow(signed)).toMatchObject({ kind: 'unverified', revision: folders.head() })
    expect(folders.remote.git('rev-parse', 'main')).toBe(before)
  })

  it('gets commits of this host that are set on top of it signed anew', async () => {
    folders.host.write('.stack/x', '')
    await run(['cp', join(keys.path, 'trusted'), join(folders.host.path, '.stack/signing_key')])
    trust('trusted')
    signAs('trusted')
    folders.host.write(desired, 'ours\n')
    folders.host.git('commit', '-q', '-a', '-m', 'ours')
    folders.push('README.md', 'theirs\n')

    expect(await folders.follow(signed)).toMatchObject({ kind: 'moved', own: { count: 1, notPushed: null } })
    expect(await folders.follow(signed)).toMatchObject({ kind: 'same' })
    expect(folders.remote.git('log', '--format=%s', 'main').split('\n')).toEqual(['ours', 'theirs README.md', 'first'])
  })
})
