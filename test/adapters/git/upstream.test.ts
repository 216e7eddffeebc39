import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { gitUpstream } from '../../../reconciler/adapters/git/upstream.ts'
import { repositoryFolder } from './repository-folder.ts'
import { clone, desired, type UpstreamFolders, upstreamFolders, wanted } from './upstream-folders.ts'

const { signal } = new AbortController()
let folders: UpstreamFolders

beforeEach(() => {
  folders = upstreamFolders()
})
afterEach(() => {
  vi.unstubAllEnvs()
  folders.remove()
})

describe('a look at the remote', () => {
  it('says where its branch stands, and writes nothing', async () => {
    const local = folders.head()
    const revision = folders.push(desired, 'two\n')
    const refs = folders.host.git('for-each-ref')

    expect(await folders.peek()).toEqual({ kind: 'at', revision, name: 'origin main', local })
    expect(folders.host.git('for-each-ref')).toBe(refs)
    expect(existsSync(join(folders.host.path, '.git/FETCH_HEAD'))).toBe(false)
    expect(() => folders.host.git('cat-file', '-e', revision)).toThrow()
  })

  it('tells a branch that is gone, and a repository that is empty', async () => {
    expect(await folders.peek({ branch: 'prod' })).toMatchObject({ kind: 'gone', name: 'origin prod' })

    folders.remote.git('update-ref', '-d', 'refs/heads/main')
    expect(await folders.peek()).toMatchObject({ kind: 'gone', name: 'origin main' })
  })

  it('is not misled by a ref that only ends like the branch', async () => {
    const revision = folders.head()
    folders.other.git('push', '-q', 'origin', 'HEAD:refs/heads/copy/refs/heads/prod')

    expect(await folders.peek({ branch: 'prod' })).toMatchObject({ kind: 'gone', local: revision })
  })

  it('has only the local branch where there is no remote, and nothing before the first commit', async () => {
    folders.host.git('remote', 'remove', 'origin')
    expect(await folders.peek()).toEqual({ kind: 'none', local: folders.head() })

    const fresh = repositoryFolder()
    fresh.init()
    expect(await gitUpstream({ instance: fresh.path }).peek(wanted, signal)).toEqual({ kind: 'none', local: null })
    fresh.remove()
  })

  it('throws where the instance is in no repository', async () => {
    const fresh = repositoryFolder()
    await expect(gitUpstream({ instance: fresh.path }).peek(wanted, signal)).rejects.toMatchObject({
      code: 'STACK_GIT_FAILED',
      message: expect.stringContaining('is not in a git repository'),
    })
    fresh.remove()
  })
})

describe('following', () => {
  it('does nothing where there is nothing new', async () => {
    const revision = folders.head()

    expect(await folders.follow()).toEqual({ kind: 'same', revision, removedLocks: [] })
    expect(existsSync(join(folders.host.path, '.stack'))).toBe(false)
  })

  it('moves forward in place, and touches no file that does not differ', async () => {
    const from = folders.head()
    const to = folders.push('stacklets/a/stacklet.toml', 'a\n')
    folders.host.write('mine.txt', 'mine\n')
    folders.host.write('README.md', 'mine\n')
    folders.host.write('staged.txt', 'staged\n')
    folders.host.git('add', 'staged.txt')

    expect(await folders.follow()).toEqual({
      ...{ kind: 'moved', from, to, forced: false, name: 'origin main' },
      ...{ own: { count: 0, notPushed: null }, removedLocks: [] },
    })
    expect(folders.head()).toBe(to)
    expect(folders.host.git('symbolic-ref', 'HEAD')).toBe('refs/heads/main')
    expect(folders.read('stacklets/a/stacklet.toml')).toBe('a\n')
    expect(folders.status().split('\n').sort()).toEqual(['?? mine.txt', 'A  staged.txt', 'M README.md'])
    expect(folders.host.git('for-each-ref', '--format=%(refname)', 'refs/stack')).toBe('refs/stack/followed')
    expect(await folders.follow()).toMatchObject({ kind: 'same', revision: to })
  })

  it('takes what was deleted, renamed and made executable', async () => {
    folders.push('stacklets/a/hook', 'hook\n')
    await folders.follow()
    folders.other.git('mv', 'README.md', 'READ.md')
    folders.other.writeExecutable('stacklets/a/hook', 'hook\n')
    folders.other.git('rm', '-q', desired)
    folders.push('more', 'more\n')

    expect(await folders.follow()).toMatchObject({ kind: 'moved' })
    expect(folders.status()).toBe('')
    expect(folders.host.git('ls-tree', '-r', 'HEAD')).toBe(folders.other.git('ls-tree', '-r', 'HEAD'))
  })

  it('begins where there was no commit, and still overwrites nothing', async () => {
    const fresh = repositoryFolder()
    fresh.init()
    fresh.git('remote', 'add', 'origin', folders.remote.path)
    const upstream = gitUpstream({ instance: fresh.path })
    fresh.write('README.md', 'mine\n')

    expect(await upstream.follow(wanted, signal)).toMatchObject({ kind: 'refused', paths: ['README.md'] })
    rmSync(join(fresh.path, 'README.md'))
    expect(await upstream.follow(wanted, signal)).toMatchObject({ kind: 'moved', from: null, to: folders.head() })
    expect(fresh.git('status', '--porcelain')).toBe('')
    fresh.remove()
  })

  it('leaves the local branch alone where there is no remote', async () => {
    folders.host.git('remote', 'remove', 'origin')

    expect(await folders.follow()).toEqual({ kind: 'none', removedLocks: [] })
  })

  it('follows what stack.toml names: an address, another branch', async () => {
    folders.host.git('remote', 'remove', 'origin')
    folders.other.git('checkout', '-q', '-b', 'prod')
    folders.other.write(desired, 'prod\n')
    const to = folders.other.commit()
    folders.other.git('push', '-q', 'origin', 'prod')

    const answer = await folders.follow({ remote: `file://${folders.remote.path}`, branch: 'prod' })

    expect(answer).toMatchObject({ kind: 'moved', to, name: `file://${folders.remote.path} prod` })
    expect(folders.read()).toBe('prod\n')
  })

  it('goes over to another branch, and loses nothing by it', async () => {
    const main = folders.push('main.txt', 'main\n')
    await folders.follow()
    folders.other.git('checkout', '-q', '-b', 'prod', 'HEAD^')
    folders.other.write(desired, 'prod\n')
    const prod = folders.other.commit()
    folders.other.git('push', '-q', 'origin', 'prod')

    expect(await folders.follow({ branch: 'prod' })).toMatchObject({
      kind: 'moved',
      from: main,
      to: prod,
      forced: true,
    })
    expect(existsSync(join(folders.host.path, 'main.txt'))).toBe(false)
  })

  it('is refused off a branch where stack.toml names a remote', async () => {
    folders.host.git('checkout', '-q', '--detach')

    expect(await folders.follow({ remote: 'origin' })).toMatchObject({ kind: 'refused', paths: [] })
    expect(await folders.follow()).toMatchObject({ kind: 'none' })
  })

  it('says that the branch was deleted, and keeps what it has', async () => {
    const before = folders.head()
    folders.remote.git('update-ref', '-d', 'refs/heads/main')

    expect(await folders.follow()).toEqual({ kind: 'gone', name: 'origin main', removedLocks: [] })
    expect(folders.head()).toBe(before)
    expect(folders.remote.git('for-each-ref')).toBe('')
  })

  it('is of the folder of the instance, wherever in the repository that lies', async () => {
    folders.push('boxes/one/desired/desired.toml', 'one\n')
    folders.host.git('pull', '-q')
    const box = gitUpstream({ instance: join(folders.host.path, 'boxes/one') })
    const to = folders.push('boxes/one/desired/desired.toml', 'two\n')
    folders.host.write('boxes/one/desired/desired.toml', 'mine\n')

    expect(await box.follow(wanted, signal)).toMatchObject({
      kind: 'refused',
      paths: ['boxes/one/desired/desired.toml'],
    })
    folders.host.git('checkout', '-q', '.')
    expect(await box.follow(wanted, signal)).toMatchObject({ kind: 'moved', to })
    expect(existsSync(join(folders.host.path, 'boxes/one/.stack/edit.lock'))).toBe(true)
  })

  it('is of the repository of the instance, whatever GIT_DIR says', async () => {
    const to = folders.push(desired, 'two\n')
    vi.stubEnv('GIT_DIR', join(folders.other.path, '.git'))
    const answer = await folders.follow()

    vi.unstubAllEnvs()
    expect(answer).toMatchObject({ kind: 'moved', to })
  })

  it('leaves submodules as they are', async () => {
    const part = upstreamFolders()
    folders.other.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', part.remote.path, 'part')
    const to = folders.push(desired, 'two\n')
    folders.host.git('config', 'submodule.recurse', 'true')

    expect(await folders.follow()).toMatchObject({ kind: 'moved', to })
    expect(await folders.follow()).toMatchObject({ kind: 'same' })
    const somebody = ['-c', 'user.name=other', '-c', 'user.email=other@example.org']
    folders.other.git('-C', 'part', ...somebody, 'commit', '-q', '--allow-empty', '-m', 'more')
    expect(folders.push(desired, 'three\n')).toBe(((await folders.follow()) as { readonly to: string }).to)
    expect(folders.read()).toBe('three\n')
    part.remove()
  })

  it('goes on from a shallow clone', async () => {
    folders.push('a', 'a\n')
    folders.push('b', 'b\n')
    const shallow = clone(`file://${folders.remote.path}`)
    rmSync(shallow.path, { recursive: true })
    mkdirSync(shallow.path)
    shallow.git('clone', '-q', '--depth=1', `file://${folders.remote.path}`, '.')
    const to = folders.push('c', 'c\n')

    expect(await gitUpstream({ instance: shallow.path }).follow(wanted, signal)).toMatchObject({ kind: 'moved', to })
    const forced = folders.rewrite('d', 'd\n')
    expect(await gitUpstream({ instance: shallow.path }).follow(wanted, signal)).toMatchObject({
      kind: 'moved',
      to: forced,
      forced: true,
    })
    shallow.remove()
  })
})

describe('edits that are not committed', () => {
  it.each([
    ['written', (path: string) => folders.host.write(path, 'mine\n')],
    [
      'staged',
      (path: string) => {
        folders.host.write(path, 'mine\n')
        folders.host.git('add', path)
      },
    ],
  ])('are never overwritten when %s, and the paths are named', async (_, edit) => {
    const before = folders.head()
    folders.push('README.md', 'theirs\n')
    folders.push(desired, 'two\n')
    edit(desired)
    const status = folders.status()

    expect(await folders.follow()).toMatchObject({
      kind: 'refused',
      paths: [desired],
      message: `origin main changes files that have edits here: ${desired}`,
      hint: expect.stringContaining('git -C'),
    })
    expect(folders.head()).toBe(before)
    expect(folders.status()).toBe(status)
    expect(folders.read('README.md')).toBe('read me\n')
    expect(folders.host.git('for-each-ref', 'refs/stack')).toBe('')
  })

  it('are named where git knows nothing of them: new files, and ignored ones', async () => {
    folders.host.write('.git/info/exclude', 'ignored.txt\n')
    folders.host.write('ignored.txt', 'mine\n')
    folders.host.write('new file.txt', 'mine\n')
    folders.other.write('ignored.txt', 'theirs\n')
    folders.push('new file.txt', 'theirs\n')

    expect(await folders.follow()).toMatchObject({ kind: 'refused', paths: ['ignored.txt', 'new file.txt'] })
    expect(folders.read('ignored.txt')).toBe('mine\n')
    expect(folders.read('new file.txt')).toBe('mine\n')
  })

  it('are seen by git where a file lies in place of a folder', async () => {
    folders.host.write('folder', 'mine\n')
    folders.push('folder/inside', 'theirs\n')

    expect(await folders.follow()).toMatchObject({ kind: 'refused' })
    expect(folders.read('folder')).toBe('mine\n')
    expect(folders.host.git('for-each-ref', 'refs/stack')).toBe('')
  })

  it('are no matter once they are put aside', async () => {
    const to = folders.push(desired, 'two\n')
    folders.host.write(desired, 'mine\n')
    await folders.follow()

    folders.host.git('stash', '--include-untracked', '-q')

    expect(await folders.follow()).toMatchObject({ kind: 'moved', to })
  })
})

describe('places', () => {
  it('are those of the own repository, and of a remote on this disk', async () => {
    const { host, remote, upstream } = folders
    const own = ['HEAD', 'refs/heads', 'packed-refs'].map((name) => join(host.path, '.git', name))
    const theirs = ['refs/heads', 'packed-refs'].map((name) => join(remote.path, name))

    expect(await upstream.places(wanted, signal)).toEqual([...own, ...theirs])
    expect(await upstream.places({ ...wanted, remote: `file://${remote.path}` }, signal)).toEqual([...own, ...theirs])
    expect(await upstream.places({ ...wanted, remote: 'git@example.org:home.git' }, signal)).toEqual(own)
    expect(await upstream.places({ ...wanted, remote: 'https://example.org/home' }, signal)).toEqual(own)
  })

  it('are found behind a worktree, a work tree and a relative address', async () => {
    const { host, other, upstream } = folders
    renameSync(other.path, join(host.path, 'beside'))
    const theirs = join(host.path, 'beside/.git/packed-refs')
    expect(await upstream.places({ ...wanted, remote: 'beside' }, signal)).toContain(theirs)
    renameSync(join(host.path, 'beside'), other.path)

    host.git('worktree', 'add', '-q', '-b', 'second', 'second')
    const second = gitUpstream({ instance: join(host.path, 'second') })
    expect((await second.places(wanted, signal)).slice(0, 3)).toEqual([
      join(host.path, '.git/worktrees/second/HEAD'),
      join(host.path, '.git/refs/heads'),
      join(host.path, '.git/packed-refs'),
    ])
  })

  it('are named before they are there', async () => {
    const { upstream, host } = folders
    const places = await upstream.places({ ...wanted, remote: '/no/such/home.git' }, signal)

    expect(places.slice(3)).toEqual(['/no/such/home.git/refs/heads', '/no/such/home.git/packed-refs'])
    expect(places[0]).toBe(join(host.path, '.git/HEAD'))
  })
})
