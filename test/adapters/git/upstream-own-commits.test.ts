import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { gitUpstream } from '../../../reconciler/adapters/git/upstream.ts'
import { clone, desired, type UpstreamFolders, upstreamFolders, wanted } from './upstream-folders.ts'

const { signal } = new AbortController()
let folders: UpstreamFolders

beforeEach(() => {
  folders = upstreamFolders()
})
afterEach(() => folders.remove())

/** What `stack up` does: a commit of this host. */
function commitHere(text: string, path = desired): string {
  folders.host.write(path, text)
  folders.host.git('add', path)
  folders.host.git('commit', '-q', '-m', `ours ${path}`)
  return folders.head()
}

const subjects = (revision = 'HEAD') => folders.host.git('log', '--format=%s', revision).split('\n')
const atRemote = () => folders.remote.git('rev-parse', 'main')

describe('a rewritten branch', () => {
  it('is followed where this host added nothing', async () => {
    const from = folders.push(desired, 'two\n')
    await folders.follow()
    const to = folders.rewrite('README.md', 'rewritten\n')

    expect(await folders.follow()).toMatchObject({ kind: 'moved', from, to, forced: true })
    expect([folders.read(), folders.read('README.md'), folders.status()]).toEqual(['one\n', 'rewritten\n', ''])
  })

  it('is followed back to an older commit', async () => {
    const to = folders.head()
    folders.push(desired, 'two\n')
    await folders.follow()
    folders.other.git('push', '-q', '--force', 'origin', 'HEAD^:main')

    expect(await folders.follow()).toMatchObject({ kind: 'moved', to, forced: true })
    expect(folders.read()).toBe('one\n')
    expect(atRemote()).toBe(to)
  })

  it('is followed by a fresh clone that never followed before', async () => {
    folders.push(desired, 'two\n')
    const fresh = clone(folders.remote.path)
    const to = folders.rewrite(desired, 'three\n')

    expect(await gitUpstream({ instance: fresh.path }).follow(wanted, signal)).toMatchObject({ to, forced: true })
    fresh.remove()
  })

  it('is followed over edits that are not in its way, and over no others', async () => {
    folders.push(desired, 'two\n')
    await folders.follow()
    const to = folders.rewrite('README.md', 'rewritten\n')
    folders.host.write('.gitignore', '.stack/\n*.log\n')
    folders.host.write('README.md', 'mine\n')

    expect(await folders.follow()).toMatchObject({ kind: 'refused', paths: ['README.md'] })
    folders.host.git('checkout', '-q', 'README.md')
    expect(await folders.follow()).toMatchObject({ kind: 'moved', to, forced: true })
    expect(folders.status()).toBe('M .gitignore')
  })

  it('is not followed where this host has a commit of its own; both commands that are named help', async () => {
    const seen = folders.push(desired, 'two\n')
    await folders.follow()
    const ours = commitHere('mine\n', 'mine.txt')
    const theirs = folders.rewrite(desired, 'three\n')

    const answer = await folders.follow()

    expect(answer).toMatchObject({
      kind: 'diverged',
      message: expect.stringMatching(/has 1 commit of its own, and origin main is not what it was built on any more/),
      hint: expect.stringContaining(`rebase --onto FETCH_HEAD ${seen.slice(0, 10)}`),
    })
    expect([folders.head(), folders.status(), atRemote()]).toEqual([ours, '', theirs])

    const [keep = '', drop = ''] = (answer as { readonly hint: string }).hint.split('; ').map(commandIn)
    obey(keep)
    expect(subjects()).toEqual(['ours mine.txt', `theirs ${desired}`, 'first'])
    expect(await folders.follow()).toMatchObject({ kind: 'ahead', own: { count: 1, notPushed: null } })

    folders.other.git('push', '-q', '--force', 'origin', `${theirs}:main`)
    folders.host.git('reset', '-q', '--hard', ours)
    obey(drop)
    expect(folders.head()).toBe(theirs)
    expect(await folders.follow()).toMatchObject({ kind: 'same' })
  })

  it('that was taken back is not pushed again with a commit of this host', async () => {
    const older = folders.head()
    folders.push(desired, 'two\n')
    await folders.follow()
    commitHere('mine\n', 'mine.txt')
    folders.other.git('push', '-q', '--force', 'origin', `${older}:main`)

    expect(await folders.follow()).toMatchObject({ kind: 'diverged' })
    expect(atRemote()).toBe(older)
  })

  it('is told apart from commits that were pushed from here', async () => {
    commitHere('ours\n')
    await folders.follow()
    folders.other.git('pull', '-q')
    const to = folders.rewrite(desired, 'three\n')

    expect(await folders.follow()).toMatchObject({ kind: 'moved', to, forced: true })
  })

  it('is not guessed at where the remote was never seen', async () => {
    folders.host.git('remote', 'remove', 'origin')
    commitHere('ours\n', 'mine.txt')
    folders.push(desired, 'two\n')

    expect(await folders.follow({ remote: folders.remote.path })).toMatchObject({ kind: 'diverged' })
  })
})

describe('commits of this host', () => {
  it('are pushed where there is nothing new', async () => {
    commitHere('two\n')
    const head = commitHere('three\n')

    expect(await folders.follow()).toEqual({
      ...{ kind: 'ahead', name: 'origin main', own: { count: 2, notPushed: null }, removedLocks: [] },
    })
    expect([folders.head(), atRemote()]).toEqual([head, head])
    expect(await folders.follow()).toMatchObject({ kind: 'same' })
  })

  it('stay, and are told, where the remote refuses them', async () => {
    const head = commitHere('two\n')
    folders.remote.writeExecutable('hooks/pre-receive', '#!/bin/sh\necho no deploys on Fridays >&2\nexit 1\n')

    expect(await folders.follow()).toMatchObject({
      kind: 'ahead',
      own: { count: 1, notPushed: expect.stringContaining('pre-receive hook declined') },
    })
    expect(folders.head()).toBe(head)
  })

  it('are set on top of what is new there, with author, message and what is not committed kept', async () => {
    folders.host.git('config', 'user.name', 'Ada')
    folders.host.write(desired, 'mine\n')
    folders.host.git(
      'commit',
      '-q',
      '-m',
      'declare mine\n\nStack-Approve: 1234',
      '--date=2001-02-03T04:05:06+0700',
      desired,
    )
    commitHere('more\n', 'more.txt')
    const before = folders.head()
    const theirs = folders.push('README.md', 'theirs\n')
    folders.host.write('uncommitted.txt', 'uncommitted\n')
    folders.host.write('more.txt', 'edited\n')

    const answer = await folders.follow()

    const to = folders.head()
    expect(answer).toMatchObject({ kind: 'moved', from: before, to, forced: false, own: { count: 2, notPushed: null } })
    expect(atRemote()).toBe(to)
    expect(subjects()).toEqual(['ours more.txt', 'declare mine', 'theirs README.md', 'first'])
    expect(folders.host.git('rev-parse', 'HEAD~2')).toBe(theirs)
    expect(folders.host.git('log', '-1', '--format=%an %aI %b', 'HEAD^')).toBe(
      'Ada 2001-02-03T04:05:06+07:00 Stack-Approve: 1234',
    )
    expect(folders.status().split('\n').sort()).toEqual(['?? uncommitted.txt', 'M more.txt'])
    expect([folders.read(), folders.read('README.md'), folders.read('more.txt')]).toEqual([
      ...['mine\n', 'theirs\n', 'edited\n'],
    ])
  })

  it('are merged with changes of other lines, and what one took back stays taken back', async () => {
    const lines = (first: string, last: string) => `${first}\n1\n2\n3\n4\n5\n${last}\n`
    folders.push(desired, lines('a', 'z'))
    await folders.follow()
    commitHere(lines('a', 'ours'))
    commitHere(lines('a', 'z'))
    commitHere(lines('a', 'last'))
    folders.push(desired, lines('theirs', 'z'))

    expect(await folders.follow()).toMatchObject({ kind: 'moved', own: { count: 3 } })
    expect(folders.read()).toBe(lines('theirs', 'last'))
    expect(folders.host.git('show', `HEAD^:${desired}`)).toBe(lines('theirs', 'z').trim())
  })

  it('are left out where the remote has the same already', async () => {
    commitHere('same\n')
    const theirs = folders.push(desired, 'same\n')

    expect(await folders.follow()).toMatchObject({ kind: 'moved', to: theirs, own: { count: 0, notPushed: null } })
  })

  it('that conflict are told apart, with the command that helps, and nothing is touched', async () => {
    const ours = commitHere('ours\n')
    const theirs = folders.push(desired, 'theirs\n')

    const answer = await folders.follow()

    expect(answer).toMatchObject({
      kind: 'diverged',
      message: expect.stringMatching(
        /has 1 commit of its own, and \w+ ours .* conflicts with what is new in origin main/,
      ),
    })
    expect([folders.head(), folders.read(), folders.status(), atRemote()]).toEqual([ours, 'ours\n', '', theirs])
    expect(existsSync(join(folders.host.path, '.git/rebase-merge'))).toBe(false)
  })

  it('that are merges are for a person to rebase', async () => {
    folders.host.git('checkout', '-q', '-b', 'side')
    commitHere('side\n', 'side.txt')
    folders.host.git('checkout', '-q', 'main')
    commitHere('main\n', 'main.txt')
    folders.host.git('merge', '-q', '--no-edit', 'side')
    folders.push('README.md', 'theirs\n')

    expect(await folders.follow()).toMatchObject({ kind: 'diverged' })
  })

  it('wait where edits are in the way', async () => {
    const ours = commitHere('ours\n')
    folders.push('README.md', 'theirs\n')
    folders.host.write('README.md', 'mine\n')

    expect(await folders.follow()).toMatchObject({ kind: 'refused', paths: ['README.md'] })
    expect([folders.head(), folders.read('README.md')]).toEqual([ours, 'mine\n'])
  })
})

describe('ten hosts that push at once', () => {
  it('lose no commit, and all end at the same', { timeout: 120_000 }, async () => {
    const hosts = Array.from({ length: 10 }, () => clone(folders.remote.path))
    for (const [index, host] of hosts.entries()) {
      writeFileSync(join(host.path, `host-${index}.txt`), `${index}\n`)
      host.commit(`host ${index}`)
    }
    const follow = (path: string) => gitUpstream({ instance: path, patienceMs: 5_000 }).follow(wanted, signal)

    // Whoever was outrun in every attempt goes on in the next run.
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all(hosts.map(({ path }) => follow(path)))
      expect(answers.filter(({ kind }) => !['same', 'moved', 'ahead'].includes(kind))).toEqual([])
      if (answers.every(({ kind }) => kind === 'same')) break
    }

    const names = folders.remote.git('ls-tree', '--name-only', 'main').split('\n')
    expect(names.filter((name) => name.startsWith('host-'))).toHaveLength(10)
    expect(folders.remote.git('log', '--format=%s', 'main').split('\n')).toHaveLength(11)
    expect(new Set(hosts.map((host) => host.git('rev-parse', 'HEAD')))).toEqual(new Set([atRemote()]))
    for (const host of hosts) host.remove()
  })
})

/** `to keep them: git -C /x fetch origin main && git -C /x rebase y` */
function commandIn(sentence: string): string {
  return sentence.replace(/^[^:]+: /, '')
}

/** As a person would type it. */
function obey(command: string): void {
  for (const one of command.split(' && ')) folders.host.git(...one.split(' ').slice(1))
}
