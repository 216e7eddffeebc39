import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { instanceEditor } from '../../../reconciler/adapters/git/instance-editor.ts'
import { run } from '../../../reconciler/adapters/process/run.ts'
import { type RepositoryFolder, repositoryFolder } from './repository-folder.ts'

const { signal } = new AbortController()
const path = 'desired/desired.toml'
let folder: RepositoryFolder
let home: RepositoryFolder

beforeEach(() => {
  home = repositoryFolder()
  vi.stubEnv('HOME', home.path)
  vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1')
  folder = repositoryFolder()
  folder.init()
  folder.write('.gitignore', '.stack/\n')
  folder.write(path, 'one\n')
  folder.commit('first')
  mkdirSync(join(folder.path, '.stack'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  folder.remove()
  home.remove()
})

const commit = () =>
  instanceEditor({ instance: folder.path }).commitFile(
    {
      ...{ path, edit: (text) => `${text}two\n`, message: 'declare two' },
      ...{ signed: true, remote: null, branch: null, onWait: () => {} },
    },
    signal,
  )

/** Makes a key, and answers its public half. */
async function key(file: string, passphrase = ''): Promise<string> {
  await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', passphrase, '-C', 'test', '-f', file])
  return readFileSync(`${file}.pub`, 'utf8')
}

function trust(publicKey: string): void {
  home.write('allowed', `test@example.org ${publicKey}`)
  folder.git('config', 'gpg.ssh.allowedSignersFile', join(home.path, 'allowed'))
}

/** Nothing was committed, and the file is as it was. */
function expectUntouched(): void {
  expect(folder.git('log', '--format=%s')).toBe('first')
  expect(folder.git('status', '--porcelain')).toBe('')
  expect(readFileSync(join(folder.path, path), 'utf8')).toBe('one\n')
}

describe('a commit that has to be signed', () => {
  it('is, with the key that git knows, and git verifies it', async () => {
    const file = join(home.path, 'key')
    trust(await key(file))
    folder.git('config', 'gpg.format', 'ssh')
    folder.git('config', 'user.signingKey', file)

    const { revision } = await commit()

    expect(folder.git('log', '-1', '--format=%H %G? %GS %s')).toBe(`${revision} G test@example.org declare two`)
    expect(folder.git('rev-list', '--count', 'HEAD')).toBe('2')
  })

  it('is, with the key of this host before any other', async () => {
    trust(await key(join(folder.path, '.stack/signing_key')))
    folder.git('config', 'user.signingKey', '/no/such/key')

    await commit()

    expect(folder.git('log', '-1', '--format=%G? %s')).toBe('G declare two')
  })

  it('is refused where there is no key, before anything is touched', async () => {
    await expect(commit()).rejects.toMatchObject({
      code: 'STACK_GIT_FAILED',
      message: expect.stringMatching(/^\[git\]\.verify asks for signed commits, and one .* cannot be signed: \S+/),
      hint: expect.stringContaining('.stack/signing_key'),
      terminal: true,
    })
    expectUntouched()
  })

  it('is refused where nobody can type the passphrase of its key', async () => {
    trust(await key(join(folder.path, '.stack/signing_key'), 'secret words'))

    await expect(commit()).rejects.toMatchObject({ message: expect.stringContaining('cannot be signed') })
    expectUntouched()
  })

  it.each(['nobody', 'somebody else'])(
    'is refused where git trusts %s, and says where the key belongs',
    async (who) => {
      await key(join(folder.path, '.stack/signing_key'))
      if (who === 'somebody else') trust(await key(join(home.path, 'another')))

      await expect(commit()).rejects.toMatchObject({
        message: expect.stringContaining('would not verify'),
        hint: expect.stringContaining('gpg.ssh.allowedSignersFile'),
      })
      expectUntouched()
    },
  )

  it('is made on a host where nobody told git who it is', async () => {
    trust(await key(join(folder.path, '.stack/signing_key')))
    folder.git('config', '--unset', 'user.name')
    folder.git('config', '--unset', 'user.email')

    await commit()

    expect(folder.git('log', '-1', '--format=%G? %an')).toBe('G stack')
  })
})
