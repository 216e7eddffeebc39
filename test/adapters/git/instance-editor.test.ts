import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { instanceEditor } from '../../../reconciler/adapters/git/instance-editor.ts'
import { noted } from '../../../reconciler/adapters/git/new-files.ts'
import { holdFileLock } from '../../../reconciler/adapters/process/file-lock.ts'
import type { CommitRequest, InstanceEditor } from '../../../reconciler/ports/instance-editor.ts'
import { compile } from '../secrets/compile.ts'
import { folderAt, type RepositoryFolder, repositoryFolder } from './repository-folder.ts'

const { signal } = new AbortController()
const path = 'desired/desired.toml'
let folder: RepositoryFolder
let editor: InstanceEditor

beforeEach(() => {
  folder = repositoryFolder()
  folder.init()
  folder.write('.gitignore', '.stack/\n')
  folder.write(path, 'one\n')
  folder.write('README.md', 'read me\n')
  folder.commit('first')
  editor = instanceEditor({ instance: folder.path, patienceMs: 300 })
})
afterEach(() => {
  vi.unstubAllEnvs()
  folder.remove()
})

const fileAt = (name: string, text: string, isExecutable = false) => {
  return { path: name, bytes: new TextEncoder().encode(text), isExecutable }
}
const read = (name = path) => readFileSync(join(folder.path, name), 'utf8')
const append = (line: string) => (text: string | null) => `${text ?? ''}${line}\n`
const commit = (more: Partial<CommitRequest> = {}) =>
  editor.commitFile(
    {
      path,
      edit: append('two'),
      message: 'declare two',
      signed: false,
      remote: null,
      branch: null,
      onWait: () => {},
      ...more,
    },
    signal,
  )

describe('a commit', () => {
  it('holds that file alone, under the name of whom git knows', async () => {
    const { revision, notes } = await commit()

    expect(revision).toBe(folder.git('rev-parse', 'HEAD'))
    expect(notes).toEqual([])
    expect(read()).toBe('one\ntwo\n')
    expect(folder.git('show', '--format=%s|%an <%ae>|%cn', '--name-only', 'HEAD')).toBe(
      `declare two|Test <test@example.org>|Test\n\n${path}`,
    )
    expect(folder.git('status', '--porcelain')).toBe('')
  })

  it('leaves what a person staged and wrote as it was', async () => {
    folder.write('README.md', 'staged\n')
    folder.git('add', 'README.md')
    folder.write('README.md', 'written\n')
    folder.write('new.txt', 'new\n')
    folder.git('add', 'new.txt')
    folder.write('stray.txt', 'stray\n')

    await commit()

    expect(folder.git('show', '--format=', '--name-only', 'HEAD')).toBe(path)
    expect(folder.git('status', '--porcelain').split('\n')).toEqual(['MM README.md', 'A  new.txt', '?? stray.txt'])
    expect(folder.git('show', ':README.md')).toBe('staged')
  })

  it('is not made when the file says so already', async () => {
    const before = folder.git('rev-parse', 'HEAD')

    expect(await commit({ edit: (text) => text ?? '' })).toEqual({ revision: null, notes: [] })
    expect(folder.git('rev-parse', 'HEAD')).toBe(before)
  })

  it('makes a file that is not there', async () => {
    await commit({ path: 'desired/box.toml', edit: (text) => (text === null ? 'made\n' : 'was there\n') })

    expect(folder.git('show', 'HEAD:desired/box.toml')).toBe('made')
  })

  it('runs no hook and signs nothing, whatever git is set up for', async () => {
    const failing = '#!/bin/sh\ntouch hook-ran\nexit 1\n'
    for (const hook of ['pre-commit', 'commit-msg', 'post-commit'])
      folder.writeExecutable(`.git/hooks/${hook}`, failing)
    folder.git('config', 'commit.gpgSign', 'true')
    folder.git('config', 'gpg.program', '/bin/false')

    expect((await commit()).revision).not.toBeNull()
    expect(existsSync(join(folder.path, 'hook-ran'))).toBe(false)
  })

  it('has an author where git knows none', async () => {
    for (const key of ['user.name', 'user.email']) folder.git('config', '--unset', key)
    vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null')
    vi.stubEnv('GIT_CONFIG_SYSTEM', '/dev/null')

    await commit()

    expect(folder.git('log', '-1', '--format=%an <%ae>')).toMatch(/^stack <stack@.+>$/)
  })

  it('is made in the repository of the instance, whatever repository we were called from', async () => {
    vi.stubEnv('GIT_DIR', '/nowhere')
    vi.stubEnv('GIT_INDEX_FILE', '/nowhere/index')

    expect((await commit()).revision).toMatch(/^[0-9a-f]{40}$/)
  })

  it('knows an instance that is a folder of a repository, and any name', async () => {
    const inner = folderAt(join(folder.path, 'hosts/box one'))
    inner.write('desired/[a]*.toml', 'inner\n')
    folder.commit()

    await instanceEditor({ instance: inner.path }).commitFile(
      {
        path: 'desired/[a]*.toml',
        edit: append('x'),
        message: '-m',
        signed: false,
        remote: null,
        branch: null,
        onWait: () => {},
      },
      signal,
    )

    expect(folder.git('show', '--format=%s', '--name-only', 'HEAD')).toBe('-m\n\nhosts/box one/desired/[a]*.toml')
  })

  it('keeps a byte order mark, ends of lines and the mode', async () => {
    folder.write(path, '\ufeffone\r\n')
    chmodSync(join(folder.path, path), 0o600)
    folder.commit()

    await commit()

    expect(read()).toBe('\ufeffone\r\ntwo\n')
    expect(statSync(join(folder.path, path)).mode & 0o777).toBe(0o600)
  })
})

describe('a commit with new files beside', () => {
  const beside = [fileAt('stacklets/web/stacklet.toml', 'id = "web"\n'), fileAt('stacklets/web/run.sh', 'true\n', true)]

  it('holds them too, ignored or not', async () => {
    folder.write('.gitignore', '.stack/\n*.sh\n')
    folder.commit('ignore')

    await commit({ beside })

    expect(folder.git('show', '--format=', '--name-only', 'HEAD').split('\n')).toEqual([path, ...files].sort())
    expect(folder.git('ls-tree', 'HEAD', 'stacklets/web/run.sh')).toMatch(/^100755/)
    expect(folder.git('status', '--porcelain')).toBe('')
  })

  it('is made for them alone, and not for those that are there', async () => {
    const same = (text: string | null) => text ?? ''
    await commit({ beside, edit: same })
    const once = folder.git('rev-parse', 'HEAD')

    expect(folder.git('show', '--format=', '--name-only', 'HEAD').split('\n')).toEqual([...files].sort())
    expect(await commit({ beside, edit: same })).toEqual({ revision: null, notes: [] })
    expect(folder.git('rev-parse', 'HEAD')).toBe(once)
  })

  it('is refused where something else lies in the place of one', async () => {
    folder.write('stacklets/web/run.sh', 'mine\n')

    await expect(commit({ beside })).rejects.toMatchObject({ code: 'STACK_FILES_FAILED' })
    expect(read('stacklets/web/run.sh')).toBe('mine\n')
    expect(read()).toBe('one\n')
  })

  it('that fails leaves nothing of them', async () => {
    folder.write('.git/index.lock', '')

    await expect(commit({ beside })).rejects.toMatchObject({ code: 'STACK_LOCKED' })
    expect(existsSync(join(folder.path, 'stacklets/web'))).toBe(false)
    expect(read()).toBe('one\n')
  })

  const files = beside.map((file) => file.path)
})

describe('is refused, and nothing is touched,', () => {
  const spoil: readonly (readonly [string, () => void])[] = [
    ['edited', () => folder.write(path, 'mine\n')],
    [
      'staged',
      () => {
        folder.write(path, 'mine\n')
        folder.git('add', path)
      },
    ],
    ['deleted', () => rmSync(join(folder.path, path))],
    ['not known to git', () => folder.git('rm', '--cached', '-q', path)],
  ]
  it.each(spoil)('where the file is %s', async (_, act) => {
    act()
    const before = folder.git('status', '--porcelain')

    await expect(commit()).rejects.toMatchObject({
      code: 'STACK_NOT_COMMITTED',
      message: `${path} has edits that are not committed`,
      hint: expect.stringContaining('undo'),
    })
    expect(folder.git('status', '--porcelain')).toBe(before)
  })

  it('before the first commit', async () => {
    rmSync(join(folder.path, '.git'), { recursive: true })
    folder.init()

    await expect(commit()).rejects.toMatchObject({
      code: 'STACK_NOT_COMMITTED',
      hint: expect.stringContaining('first'),
    })
  })

  it('outside of a repository', async () => {
    rmSync(join(folder.path, '.git'), { recursive: true })

    await expect(commit()).rejects.toMatchObject({ code: 'STACK_GIT_FAILED' })
  })

  it('when the edit itself refuses', async () => {
    const refusing = () => {
      throw new Error('no such stacklet')
    }

    await expect(commit({ edit: refusing })).rejects.toThrow('no such stacklet')
    expect(folder.git('status', '--porcelain')).toBe('')
  })

  it.each([
    ['a link', () => folder.link('desired/link.toml', 'desired.toml'), 'desired/link.toml'],
    ['not UTF-8', () => folder.write('desired/link.toml', Buffer.from([0x61, 0xff])), 'desired/link.toml'],
  ])('where the file is %s', async (_, make, name) => {
    make()
    folder.commit()

    await expect(commit({ path: name })).rejects.toMatchObject({ code: 'STACK_FILES_FAILED' })
    expect(folder.git('status', '--porcelain')).toBe('')
  })

  it('in the middle of a merge, in the words of git', async () => {
    folder.git('checkout', '-q', '-b', 'other')
    folder.write('README.md', 'other\n')
    folder.commit()
    folder.git('checkout', '-q', 'main')
    folder.write('README.md', 'main\n')
    folder.commit()
    expect(() => folder.git('merge', 'other')).toThrow()

    await expect(commit()).rejects.toMatchObject({
      code: 'STACK_GIT_FAILED',
      message: expect.stringContaining('partial commit during a merge'),
    })
    expect(read()).toBe('one\n')
    expect(folder.git('status', '--porcelain')).toBe('UU README.md')
  })

  it('when it is cancelled on the way', async () => {
    const stop = new AbortController()
    const edit = (text: string | null) => {
      stop.abort(new Error('stopped'))
      return append('two')(text)
    }

    await expect(
      editor.commitFile(
        { path, edit, message: 'm', signed: false, remote: null, branch: null, onWait: () => {} },
        stop.signal,
      ),
    ).rejects.toThrow()
    expect(read()).toBe('one\n')
    expect(folder.git('status', '--porcelain')).toBe('')
  })
})

describe('another git process', () => {
  const indexLock = () => join(folder.path, '.git/index.lock')

  it('that holds the index is waited for', async () => {
    editor = instanceEditor({ instance: folder.path })
    writeFileSync(indexLock(), '')
    const edit = (text: string | null) => {
      setTimeout(() => rmSync(indexLock()), 300)
      return append('two')(text)
    }

    expect((await commit({ edit })).revision).not.toBeNull()
  })

  it('that never lets go of it is named, and the file is as it was', async () => {
    writeFileSync(indexLock(), '')

    await expect(commit()).rejects.toMatchObject({
      code: 'STACK_LOCKED',
      hint: expect.stringContaining('.git/index.lock'),
    })
    expect(read()).toBe('one\n')
  })
})

describe('a process that was killed', () => {
  const kill = (name: string, before: string | null, after: string) => {
    folder.write('.stack/edit', JSON.stringify({ path: name, before, after }))
    folder.write(name, after)
  }

  it('before it could commit left no edit', async () => {
    kill(path, 'one\n', 'one\nhalf\n')

    await commit()

    expect(read()).toBe('one\ntwo\n')
    expect(folder.git('status', '--porcelain')).toBe('')
    expect(existsSync(join(folder.path, '.stack/edit'))).toBe(false)
  })

  it('before it could commit a new file left no file', async () => {
    kill('desired/box.toml', null, 'half\n')
    folder.git('add', '--intent-to-add', 'desired/box.toml')

    await commit()

    expect(existsSync(join(folder.path, 'desired/box.toml'))).toBe(false)
  })

  it('after it had committed lost nothing', async () => {
    kill(path, 'one\n', 'one\nwhole\n')
    folder.commit()

    await commit()

    expect(read()).toBe('one\nwhole\ntwo\n')
  })

  it('with new files beside it left none, and no folder of theirs, but what a person made of one', async () => {
    kill(path, 'one\n', 'one\nhalf\n')
    const note = JSON.parse(read('.stack/edit'))
    const beside = [fileAt('stacklets/web/a.txt', 'a\n'), fileAt('stacklets/db/b.txt', 'b\n')]
    folder.write('.stack/edit', JSON.stringify({ ...note, beside: beside.map(noted) }))
    folder.write('stacklets/web/a.txt', 'a\n')
    folder.write('stacklets/db/b.txt', 'mine\n')
    folder.git('add', '--intent-to-add', 'stacklets/web/a.txt')

    await commit()

    expect(read()).toBe('one\ntwo\n')
    expect(folder.git('status', '--porcelain', '-uall')).toBe('?? stacklets/db/b.txt')
    expect(existsSync(join(folder.path, 'stacklets/web'))).toBe(false)
  })

  it('while it wrote its note lost nothing', async () => {
    folder.write('.stack/edit', '{"path": "desired/des')

    expect((await commit()).revision).not.toBeNull()
  })

  it("costs a person's own edit nothing", async () => {
    kill(path, 'one\n', 'one\nhalf\n')
    folder.write(path, 'one\nmine\n')

    await expect(commit()).rejects.toMatchObject({ code: 'STACK_NOT_COMMITTED' })
    expect(read()).toBe('one\nmine\n')
  })
})

describe('a remote', () => {
  let remote: RepositoryFolder
  let other: RepositoryFolder

  beforeEach(() => {
    remote = repositoryFolder()
    remote.git('init', '-q', '--bare', '-b', 'main')
    folder.git('remote', 'add', 'origin', remote.path)
    folder.git('push', '-q', 'origin', 'main')
    other = repositoryFolder()
    other.git('clone', '-q', remote.path, '.')
    for (const [key, value] of Object.entries({ 'user.name': 'Other', 'user.email': 'other@example.org' })) {
      other.git('config', key, value)
    }
  })
  afterEach(() => {
    remote.remove()
    other.remove()
  })

  function pushFromOther(name: string, text: string): string {
    other.git('pull', '-q')
    other.write(name, text)
    const revision = other.commit('from the other')
    other.git('push', '-q')
    return revision
  }

  it('is followed before, and gets the commit after', async () => {
    pushFromOther(path, 'one\ntheirs\n')

    const { revision, notes } = await commit()

    expect(notes).toEqual([])
    expect(read()).toBe('one\ntheirs\ntwo\n')
    expect(remote.git('rev-parse', 'main')).toBe(revision)
    expect(folder.git('for-each-ref', '--format=%(refname) %(objectname)', 'refs/stack')).toBe(
      `refs/stack/followed ${revision}`,
    )
  })

  it('is the upstream of the branch, or what stack.toml names', async () => {
    folder.git('remote', 'rename', 'origin', 'home')
    folder.git('checkout', '-q', '-b', 'box')
    expect((await commit()).notes).toEqual([])
    expect(remote.git('log', '--format=%s', '--all')).not.toContain('declare two')

    folder.git('push', '-q', '-u', 'home', 'box:trunk')
    await commit({ edit: append('three'), message: 'declare three' })
    expect(remote.git('log', '-1', '--format=%s', 'trunk')).toBe('declare three')

    await commit({ edit: append('four'), message: 'declare four', remote: remote.path, branch: 'named' })
    expect(remote.git('log', '-1', '--format=%s', 'named')).toBe('declare four')
  })

  it('gets the commits of this host on top of what is new there', async () => {
    folder.write('README.md', 'ours\n')
    folder.commit('ours')
    pushFromOther('other.txt', 'theirs\n')

    expect((await commit()).notes).toEqual([])

    expect(remote.git('log', '--format=%s', 'main').split('\n')).toEqual([
      ...['declare two', 'ours', 'from the other', 'first'],
    ])
  })

  it('that refuses the push, or has gone apart, costs only a note', async () => {
    folder.write('README.md', 'ours\n')
    folder.commit('ours')
    pushFromOther('README.md', 'theirs\n')

    const { revision, notes } = await commit()

    expect(revision).toBe(folder.git('rev-parse', 'HEAD'))
    expect(notes).toEqual([
      expect.stringMatching(/^this clone does not follow origin main: /),
      expect.stringMatching(/^committed here, and not pushed to origin main: /),
    ])
    expect(remote.git('log', '-1', '--format=%s', 'main')).toBe('from the other')
  })

  it('that is gone costs only a note, and nobody is asked for a password', async () => {
    folder.git('remote', 'set-url', 'origin', join(remote.path, 'gone'))

    const { revision, notes } = await commit()

    expect(revision).not.toBeNull()
    expect(notes).toEqual([
      expect.stringMatching(/^origin could not be fetched: /),
      expect.stringMatching(/^committed here, and not pushed to origin main: /),
    ])
  })

  it('whose news would overwrite local edits is not followed', async () => {
    pushFromOther('README.md', 'theirs\n')
    folder.write('README.md', 'mine\n')

    const { notes } = await commit()

    expect(notes[0]).toContain('does not follow')
    expect(read('README.md')).toBe('mine\n')
  })
})

describe('editing without a commit', () => {
  it('edits, even what has edits, and says whether anything changed', async () => {
    const edit = { path, edit: append('two'), onWait: () => {} }
    folder.write(path, 'mine\n')

    expect(await editor.editFile(edit, signal)).toBe(true)
    expect(await editor.editFile({ ...edit, edit: (text) => text ?? '' }, signal)).toBe(false)
    expect(read()).toBe('mine\ntwo\n')
    expect(folder.git('log', '--format=%s')).toBe('first')
  })
})

describe('many at once', () => {
  it('wait for one another and say so', async () => {
    mkdirSync(join(folder.path, '.stack'))
    const lock = await holdFileLock({ path: join(folder.path, '.stack/edit.lock'), wait: 'no', owner: 'pid 7 edits x' })
    const said: string[] = []
    const onWait = (sentence: string) => {
      said.push(sentence)
      if ('release' in lock) void lock.release()
    }

    await commit({ onWait })

    expect(said).toEqual([`waiting: pid 7 edits x in ${folder.path}`])
  })

  it('lose no edit: twelve processes make twelve commits', async () => {
    const built = mkdtempSync(join(tmpdir(), 'edit-contender-'))
    const program = compile(fileURLToPath(new URL('edit-contender.ts', import.meta.url)), built)
    const words = Array.from({ length: 12 }, (_, index) => `word-${index}`)

    await Promise.all(words.map((word) => promisify(execFile)(process.execPath, [program, folder.path, word])))

    expect(read().split('\n').slice(1, -1).sort()).toEqual(words.map((word) => `# ${word}`).sort())
    expect(folder.git('rev-list', '--count', 'HEAD')).toBe('13')
    expect(folder.git('status', '--porcelain')).toBe('')
    rmSync(built, { recursive: true, force: true })
  }, 60_000)
})
