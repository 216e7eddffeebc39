import { chownSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { gitSource } from '../../../reconciler/adapters/git/git-source.ts'
import type { Revision } from '../../../reconciler/model/names.ts'
import type { InstanceSource, SourceTree } from '../../../reconciler/ports/instance-source.ts'
import { folderAt, type RepositoryFolder, repositoryFolder } from './repository-folder.ts'

const { signal } = new AbortController()
let folder: RepositoryFolder
let source: InstanceSource

beforeEach(() => {
  folder = repositoryFolder()
  source = gitSource({ root: folder.path, instance: folder.path })
})
afterEach(() => {
  vi.unstubAllEnvs()
  folder.remove()
})

function writeInstance(to: RepositoryFolder): void {
  to.write('desired/desired.toml', '[stacklets.hello]\nstate = "running"\n')
  to.write('stacklets/hello/stacklet.toml', 'id = "hello"\n')
  to.writeExecutable('stacklets/hello/hooks/on_start.sh', '#!/bin/sh\n')
  to.write('stack.toml', '[core]\n')
  to.write('users.toml', '')
  to.write('README.md', 'not read')
  to.write('.gitignore', '.env\n.stack/\n')
}

const paths = (tree: SourceTree) => tree.files.map((file) => file.path)
const both = async (revision: string) => [
  await source.read('work-tree', signal),
  await source.read(revision as Revision, signal),
]

describe('reading a tree', () => {
  it('lists the same files with the same digests from the work tree and from its commit, sorted', async () => {
    folder.init()
    writeInstance(folder)

    const [disk, commit] = await both(folder.commit())

    expect(commit?.files).toEqual(disk?.files)
    expect(disk?.files.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'file desired/desired.toml',
      'file stack.toml',
      'executable stacklets/hello/hooks/on_start.sh',
      'file stacklets/hello/stacklet.toml',
      'file users.toml',
    ])
  })

  it('names content as git does', async () => {
    folder.init()
    writeInstance(folder)
    folder.commit()

    const { files } = await source.read('work-tree', signal)

    for (const { path, digest } of files) expect(digest).toBe(folder.git('hash-object', path))
  })

  it('gives texts of both, and null for what is not listed', async () => {
    folder.init()
    writeInstance(folder)
    const revision = folder.commit()
    folder.write('stack.toml', '[core]\ndomain = "è"\n')

    const [disk, commit] = await both(revision)

    expect(await disk?.text('stack.toml')).toBe('[core]\ndomain = "è"\n')
    expect(await commit?.text('stack.toml')).toBe('[core]\n')
    expect(await commit?.text('users.toml')).toBe('')
    expect([await disk?.text('README.md'), await commit?.text('README.md')]).toEqual([null, null])
    expect([await disk?.text('../etc/passwd'), await commit?.text('stacklets')]).toEqual([null, null])
  })

  it('refuses a text that is not UTF-8, and still lists it', async () => {
    folder.init()
    folder.write('desired/desired.toml', Buffer.from([0x61, 0xff, 0x62]))

    for (const tree of await both(folder.commit())) {
      expect(paths(tree)).toEqual(['desired/desired.toml'])
      await expect(tree.text('desired/desired.toml')).rejects.toMatchObject({
        code: 'STACK_FILES_FAILED',
        message: 'desired/desired.toml is not UTF-8 text',
        at: { file: 'desired/desired.toml' },
      })
    }
  })

  it('leaves out what is ignored or deleted, and takes what is new', async () => {
    folder.init()
    writeInstance(folder)
    folder.commit()
    folder.write('stacklets/hello/.env', 'A="b"\n')
    folder.write('stacklets/new/stacklet.toml', 'id = "new"\n')
    rmSync(join(folder.path, 'users.toml'))

    const listed = paths(await source.read('work-tree', signal))

    expect(listed).toContain('stacklets/new/stacklet.toml')
    expect(listed).not.toContain('stacklets/hello/.env')
    expect(listed).not.toContain('users.toml')
  })

  it('takes what we and hooks write for no part of a stacklet even where .gitignore forgot it', async () => {
    folder.init()
    folder.write('stacklets/hello/stacklet.toml', '')
    folder.commit()
    folder.write('stacklets/hello/.env', 'A="b"\n')
    folder.write('stacklets/hello/.state/service.pid', '7')
    folder.write('stacklets/hello/hooks/__pycache__/seed.pyc', '')

    expect(paths(await source.read('work-tree', signal))).toEqual(['stacklets/hello/stacklet.toml'])
    expect(await source.uncommitted(signal)).toEqual([])
  })

  it('copes with every name a file can have', async () => {
    const names = ['a b', 'a\nb', 'è', '"q"', '-x', "it's", 'tab\t', '$(x)', '*', 'a -> b'].map(
      (name) => `stacklets/x/${name}`,
    )
    folder.init()
    for (const name of names) folder.write(name, `in ${name}`)

    for (const tree of await both(folder.commit())) {
      expect(paths(tree)).toEqual([...names].sort())
      for (const name of names) expect(await tree.text(name)).toBe(`in ${name}`)
    }
  })

  it('reads many files, large ones and equal ones', async () => {
    const large = 'x'.repeat(300_000)
    folder.init()
    for (let n = 0; n < 200; n++) folder.write(`stacklets/s${n}/stacklet.toml`, n % 2 === 0 ? 'same' : `id = "${n}"`)
    folder.write('stacklets/s1/large', large)

    for (const tree of await both(folder.commit())) {
      expect(tree.files.length).toBe(201)
      expect(await tree.text('stacklets/s4/stacklet.toml')).toBe('same')
      expect(await tree.text('stacklets/s199/stacklet.toml')).toBe('id = "199"')
      expect(await tree.text('stacklets/s1/large')).toBe(large)
    }
  })

  it('ignores submodules and nested repositories', async () => {
    const inner = folderAt(join(folder.path, 'stacklets/inner'))
    inner.init()
    inner.write('stacklet.toml', '')
    inner.commit()
    folder.init()
    folder.write('stack.toml', '')

    const beforeCommit = paths(await source.read('work-tree', signal))

    expect(beforeCommit).toEqual(['stack.toml'])
    for (const tree of await both(folder.commit())) expect(paths(tree)).toEqual(['stack.toml'])
  })

  it('runs no hook and leaves the index alone', async () => {
    folder.init()
    writeInstance(folder)
    const revision = folder.commit()
    folder.writeExecutable('.git/hooks/post-index-change', '#!/bin/sh\ntouch ../hook-ran hook-ran\n')
    folder.write('stack.toml', '[core]\n')
    const index = join(folder.path, '.git/index')
    const before = statSync(index).mtimeMs

    await both(revision)
    await source.uncommitted(signal)

    expect(statSync(index).mtimeMs).toBe(before)
    expect(readdirSync(folder.path)).not.toContain('hook-ran')
  })
})

describe('links', () => {
  it('tells those that leave the root from those that stay, alike on disk and in a commit', async () => {
    const targets: Record<string, readonly [target: string, leaves: boolean]> = {
      'stacklets/x/beside': ['real', false],
      'stacklets/x/up-and-in': ['../../stack.toml', false],
      'stacklets/x/nowhere': ['missing', false],
      'stacklets/x/inside': [join(folder.path, 'stack.toml'), false],
      'stacklets/x/out': ['../../../etc/passwd', true],
      'stacklets/x/absolute': ['/etc/passwd', true],
      'stacklets/x/root': ['../..', false],
      'stacklets/x/above': ['root/..', true],
      'stacklets/x/loop': ['loop', true],
    }
    folder.init()
    folder.write('stack.toml', '')
    folder.write('stacklets/x/real', 'real')
    for (const [path, [target]] of Object.entries(targets)) folder.link(path, target)

    for (const tree of await both(folder.commit())) {
      const links = tree.files.filter(({ kind }) => kind === 'link')
      const expected = Object.entries(targets).map(([path, [, leaves]]) => [path, leaves])
      expect(Object.fromEntries(links.map(({ path, leavesRoot }) => [path, leavesRoot]))).toEqual(
        Object.fromEntries(expected),
      )
    }
  })

  it('has the digest of the path a link points to', async () => {
    folder.init()
    folder.link('stacklets/x/link', 'è/target')
    folder.commit()

    for (const tree of await both('HEAD')) {
      expect(tree.files[0]?.digest).toBe(folder.git('rev-parse', 'HEAD:stacklets/x/link'))
    }
  })

  it('gives the text of the listed file a link leads to, and of no other', async () => {
    folder.init()
    folder.write('stacklets/x/real', 'real')
    folder.write('elsewhere', 'secret')
    folder.link('stacklets/x/folder', '../x')
    folder.link('stacklets/x/good', 'folder/real')
    folder.link('stacklets/x/bad', '../../elsewhere')
    folder.link('stacklets/x/out', '/etc/passwd')

    for (const tree of await both(folder.commit())) {
      expect(await tree.text('stacklets/x/good')).toBe('real')
      await expect(tree.text('stacklets/x/bad')).rejects.toMatchObject({ code: 'STACK_FILES_FAILED' })
      await expect(tree.text('stacklets/x/out')).rejects.toMatchObject({ code: 'STACK_FILES_FAILED' })
    }
  })

  it('does not look behind a link that took the place of a folder', async () => {
    const outside = repositoryFolder()
    outside.write('stacklet.toml', 'secret')
    folder.init()
    folder.write('stacklets/x/stacklet.toml', '')
    folder.commit()
    rmSync(join(folder.path, 'stacklets/x'), { recursive: true })
    folder.link('stacklets/x', outside.path)

    const { files } = await source.read('work-tree', signal)

    expect(files).toMatchObject([{ path: 'stacklets/x', kind: 'link', leavesRoot: true }])
    outside.remove()
  })

  it('sees a link leave over one that git ignores', async () => {
    folder.init()
    folder.write('.gitignore', 'ignored\n')
    folder.link('stacklets/x/ignored', '/etc')
    folder.link('stacklets/x/link', 'ignored/passwd')

    expect((await source.read('work-tree', signal)).files).toMatchObject([{ kind: 'link', leavesRoot: true }])
  })
})

describe('an instance that is no repository', () => {
  it('is read as it lies there, without what we write ourselves', async () => {
    writeInstance(folder)
    folder.write('stacklets/hello/.env', '')
    folder.write('stacklets/hello/node_modules/x/index.js', '')
    folder.write('.stack/secrets.toml', '')
    folder.link('stacklets/hello/link', 'stacklet.toml')

    const tree = await source.read('work-tree', signal)

    expect(paths(tree)).toEqual([
      'desired/desired.toml',
      'stack.toml',
      'stacklets/hello/hooks/on_start.sh',
      'stacklets/hello/link',
      'stacklets/hello/stacklet.toml',
      'users.toml',
    ])
    expect(await tree.text('stacklets/hello/link')).toBe('id = "hello"\n')
    expect(await source.uncommitted(signal)).toEqual(paths(tree))
  })

  it('may be an empty folder', async () => {
    expect((await source.read('work-tree', signal)).files).toEqual([])
  })

  it('has no head, and says how to get one', async () => {
    const expected = { code: 'STACK_GIT_FAILED', terminal: true, hint: expect.stringContaining('git init') }

    await expect(source.head(signal)).rejects.toMatchObject(expected)
    await expect(source.resolve('main', signal)).rejects.toMatchObject(expected)
    await expect(source.read('0'.repeat(40) as Revision, signal)).rejects.toMatchObject({ code: 'STACK_GIT_FAILED' })
  })

  it('is what a repository around it ignores', async () => {
    folder.init()
    folder.write('.gitignore', 'scratch\n')
    const inner = folderAt(join(folder.path, 'scratch/instance'))
    inner.write('stack.toml', '')
    folder.commit()
    const scratch = gitSource({ root: inner.path, instance: inner.path })

    expect(paths(await scratch.read('work-tree', signal))).toEqual(['stack.toml'])
    await expect(scratch.head(signal)).rejects.toMatchObject({ code: 'STACK_GIT_FAILED' })
  })

  it('says so when the folder is not there', async () => {
    const gone = gitSource({ root: '/no/such/folder', instance: '/no/such/folder' })

    await expect(gone.head(signal)).rejects.toMatchObject({ message: '/no/such/folder does not exist' })
  })
})

describe('commits', () => {
  it('has no head before the first', async () => {
    folder.init()
    writeInstance(folder)

    expect(await source.head(signal)).toBeNull()
    expect(await source.uncommitted(signal)).toContain('stack.toml')
  })

  it('answers the head with its whole message', async () => {
    folder.init()
    const revision = folder.commit('subject\n\nbody\n\nStack-Approve: 12ab')

    expect(await source.head(signal)).toEqual({ revision, message: 'subject\n\nbody\n\nStack-Approve: 12ab' })
  })

  it('resolves branches, tags, short hashes and ancestors', async () => {
    folder.init()
    const first = folder.commit('first')
    folder.git('tag', '-a', 'v1', '-m', 'the tag has a message of its own')
    folder.commit('second')

    for (const reference of ['v1', first.slice(0, 8), 'main~1', 'HEAD^', first]) {
      expect(await source.resolve(reference, signal)).toEqual({ revision: first, message: 'first' })
    }
  })

  it.each(['nonsense', '', '--upload-pack=touch x', '-h', 'main:stack.toml', 'a b', '--all', '--output=pwned'])(
    'refuses %j, which names no commit',
    async (reference) => {
      folder.init()
      writeInstance(folder)
      folder.commit()

      await expect(source.resolve(reference, signal)).rejects.toMatchObject({
        code: 'STACK_GIT_FAILED',
        message: `there is no commit called ${JSON.stringify(reference)}`,
      })
      expect(existsSync(join(folder.path, 'pwned'))).toBe(false)
    },
  )

  it('fails with what git said when the commit to read is not there', async () => {
    folder.init()
    folder.commit()

    await expect(source.read('1'.repeat(40) as Revision, signal)).rejects.toMatchObject({
      code: 'STACK_GIT_FAILED',
      output: [expect.stringContaining('fatal:')],
    })
  })

  it('says which file the repository has lost', async () => {
    folder.init()
    folder.write('stack.toml', 'lost')
    folder.write('users.toml', 'kept')
    const revision = folder.commit()
    const id = folder.git('rev-parse', 'HEAD:stack.toml')
    rmSync(join(folder.path, '.git/objects', id.slice(0, 2), id.slice(2)), { force: true })

    const tree = await source.read(revision as Revision, signal)

    expect(paths(tree)).toEqual(['stack.toml', 'users.toml'])
    expect(await tree.text('users.toml')).toBe('kept')
    await expect(tree.text('stack.toml')).rejects.toMatchObject({ code: 'STACK_GIT_FAILED' })
  })

  it('knows what is not committed: changed, new, deleted, both names of a renamed file, nothing else', async () => {
    folder.init()
    writeInstance(folder)
    folder.write('stacklets/hello/gone', 'gone')
    folder.write('stacklets/hello/old name', 'a file that is long enough to be recognised')
    folder.commit()
    expect(await source.uncommitted(signal)).toEqual([])

    folder.git('mv', 'stacklets/hello/old name', 'stacklets/hello/new name')
    folder.write('stack.toml', 'changed')
    folder.write('README.md', 'changed, but none of our business')
    folder.write('stacklets/other/deep/è\n', 'new')
    folder.write('stacklets/hello/.env', 'A="b"')
    rmSync(join(folder.path, 'stacklets/hello/gone'))

    expect(await source.uncommitted(signal)).toEqual([
      'stack.toml',
      'stacklets/hello/gone',
      'stacklets/hello/new name',
      'stacklets/hello/old name',
      'stacklets/other/deep/è\n',
    ])
  })
})

describe('an instance inside of a repository', () => {
  it('sees its own folder only, by paths from there', async () => {
    folder.init()
    writeInstance(folder)
    const inner = folderAt(join(folder.path, 'hosts/è one'))
    writeInstance(inner)
    inner.write('stacklets/hello/stacklet.toml', 'id = "inner"\n')
    const revision = folder.commit()
    source = gitSource({ root: inner.path, instance: inner.path })
    folder.write('stack.toml', 'outer change')
    inner.write('users.toml', 'inner change')

    for (const tree of await both(revision)) {
      expect(paths(tree)).toContain('desired/desired.toml')
      expect(await tree.text('stacklets/hello/stacklet.toml')).toBe('id = "inner"\n')
      expect(tree.files.length).toBe(5)
    }
    expect(await source.uncommitted(signal)).toEqual(['users.toml'])
    expect((await source.head(signal))?.revision).toBe(revision)
  })

  it('counts a link out of the folder as leaving even when it stays in the repository', async () => {
    folder.init()
    folder.write('stack.toml', '')
    const inner = folderAt(join(folder.path, 'inner'))
    inner.link('stacklets/x/link', '../../../stack.toml')
    source = gitSource({ root: inner.path, instance: inner.path })

    for (const tree of await both(folder.commit())) expect(tree.files).toMatchObject([{ leavesRoot: true }])
  })
})

describe('a root and an instance that are two', () => {
  let instance: RepositoryFolder

  beforeEach(() => {
    instance = repositoryFolder()
    source = gitSource({ root: folder.path, instance: instance.path })
    writeInstance(folder)
    writeInstance(instance)
    folder.write('stacklets/hello/stacklet.toml', 'id = "of the root"\n')
    instance.init()
  })
  afterEach(() => instance.remove())

  it('takes stacklets from the root and all else from the instance, whose commits count', async () => {
    folder.init()
    const theirs = folder.commit()
    const revision = instance.commit('ours')
    instance.write('stack.toml', 'changed')
    folder.write('stack.toml', 'none of our business')
    folder.write('stacklets/hello/stacklet.toml', 'changed')

    const commit = await source.read(revision as Revision, signal)

    expect(await source.head(signal)).toEqual({ revision, message: 'ours' })
    expect(paths(commit)).toEqual(paths(await source.read('work-tree', signal)))
    expect(await commit.text('stacklets/hello/stacklet.toml')).toBe('id = "of the root"\n')
    expect(await source.uncommitted(signal)).toEqual(['stack.toml', 'stacklets/hello/stacklet.toml'])
    await expect(source.resolve(theirs, signal)).rejects.toMatchObject({ code: 'STACK_GIT_FAILED' })
  })

  it('takes stacklets from the disk of a root that is an installed package', async () => {
    const revision = instance.commit()

    const commit = await source.read(revision as Revision, signal)

    expect(await commit.text('stacklets/hello/stacklet.toml')).toBe('id = "of the root"\n')
  })

  it('says so when the root has no commit', async () => {
    folder.init()
    const revision = instance.commit()

    await expect(source.read(revision as Revision, signal)).rejects.toMatchObject({ code: 'STACK_GIT_FAILED' })
  })

  it('reads both from one commit when they lie in one repository', async () => {
    folder.init()
    const inside = folderAt(join(folder.path, 'instances/one'))
    writeInstance(inside)
    const first = folder.commit()
    folder.write('stacklets/hello/stacklet.toml', 'id = "later"\n')
    folder.commit()
    source = gitSource({ root: folder.path, instance: inside.path })

    const tree = await source.read(first as Revision, signal)

    expect(await tree.text('stacklets/hello/stacklet.toml')).toBe('id = "of the root"\n')
  })
})

describe('trouble', () => {
  it.runIf(process.getuid?.() === 0)('says how to trust a repository of another user', async () => {
    folder.init()
    folder.commit()
    for (const name of ['.', '.git']) chownSync(join(folder.path, name), 12345, 12345)

    const expected = { code: 'STACK_GIT_FAILED', hint: `run git config --global --add safe.directory ${folder.path}` }
    await expect(source.head(signal)).rejects.toMatchObject(expected)
    await expect(source.read('work-tree', signal)).rejects.toMatchObject(expected)
  })

  it('rejects with the reason when it was cancelled', async () => {
    folder.init()
    const revision = folder.commit()
    const cancelled = AbortSignal.abort(new Error('enough'))

    await expect(source.head(cancelled)).rejects.toThrow('enough')
    await expect(source.read('work-tree', cancelled)).rejects.toThrow('enough')
    await expect(source.read(revision as Revision, cancelled)).rejects.toThrow('enough')
    await expect(source.uncommitted(cancelled)).rejects.toThrow('enough')
  })

  it('rejects with the reason when it is cancelled while git runs', async () => {
    folder.init()
    folder.commit()
    const cancel = new AbortController()

    const answer = source.head(cancel.signal)
    cancel.abort(new Error('enough'))

    await expect(answer).rejects.toThrow('enough')
  })

  it('takes a git that was killed for a failure, not for an answer', async () => {
    const bin = folderAt(join(folder.path, 'bin'))
    bin.writeExecutable('git', '#!/bin/sh\necho sha1; kill -9 $$\n')
    vi.stubEnv('PATH', `${bin.path}:${process.env['PATH']}`)

    await expect(source.head(signal)).rejects.toMatchObject({ code: 'STACK_GIT_FAILED' })
  })

  it('says so when git is not installed', async () => {
    vi.stubEnv('PATH', '/nonexistent')

    await expect(source.head(signal)).rejects.toMatchObject({ message: 'git is not installed, or not in PATH' })
  })

  it('says so when the repository is broken', async () => {
    folder.init()
    folder.commit()
    folder.write('.git/HEAD', 'ref: refs/heads/main\n')
    folder.write('.git/refs/heads/main', `${'1'.repeat(40)}\n`)

    await expect(source.head(signal)).rejects.toMatchObject({ code: 'STACK_GIT_FAILED' })
  })
})
