import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { instanceEditor } from '../../../reconciler/adapters/git/instance-editor.ts'
import type { InstanceEditor, PublishRequest } from '../../../reconciler/ports/instance-editor.ts'
import { type RepositoryFolder, repositoryFolder } from './repository-folder.ts'

const { signal } = new AbortController()
const path = 'desired/stack.lock'
let folder: RepositoryFolder
let remote: RepositoryFolder
let other: RepositoryFolder
let editor: InstanceEditor

beforeEach(() => {
  remote = repositoryFolder()
  remote.git('init', '-q', '--bare', '-b', 'main')
  folder = repositoryFolder()
  folder.init()
  folder.write('.gitignore', '.stack/\n')
  folder.write(path, 'one\n')
  folder.commit('first')
  folder.git('remote', 'add', 'origin', remote.path)
  folder.git('push', '-q', '-u', 'origin', 'main')
  other = repositoryFolder()
  other.git('clone', '-q', remote.path, '.')
  other.git('config', 'user.name', 'other')
  other.git('config', 'user.email', 'other@example.org')
  mkdirSync(join(folder.path, '.stack'), { recursive: true })
  editor = instanceEditor({ instance: folder.path, patienceMs: 300 })
})
afterEach(() => {
  for (const one of [folder, remote, other]) one.remove()
})

const append = (line: string) => (text: string | null) => `${text ?? ''}${line}\n`
const publish = (more: Partial<PublishRequest> = {}) => {
  const who = { signed: false, remote: null, branch: null, proposal: null, onWait: () => {} }
  return editor.publishFile({ path, edit: append('two'), message: 'say two', ...who, ...more }, signal)
}

/** Somebody else pushes a change of this file. */
function pushFromOther(name: string, text: string): void {
  other.git('pull', '-q', '--ff-only')
  other.write(name, text)
  other.commit(`other: ${name}`)
  other.git('push', '-q', 'origin', 'HEAD:main')
}

it('is at the remote and here, and touches nothing else', async () => {
  folder.write('notes.txt', 'mine, not committed\n')

  const published = await publish()

  const head = folder.git('rev-parse', 'HEAD')
  expect(published).toEqual({ kind: 'published', revision: head, notes: [] })
  expect(remote.git('rev-parse', 'main')).toBe(head)
  expect(folder.git('show', '--name-only', '--format=', 'HEAD')).toBe(path)
  expect(folder.git('show', `HEAD:${path}`)).toBe('one\ntwo')
  expect(folder.git('status', '--porcelain')).toBe('?? notes.txt')
})

it('goes on top of what others pushed, and again when they are faster', async () => {
  pushFromOther('README.md', 'theirs\n')
  let tries = 0
  const edit = (text: string | null): string => {
    tries += 1
    if (tries === 1) pushFromOther(path, 'one\nand theirs\n')
    return append('two')(text)
  }

  const published = await publish({ edit })

  expect(published).toMatchObject({ kind: 'published', notes: [] })
  expect(tries).toBe(2)
  expect(remote.git('show', `main:${path}`)).toBe('one\nand theirs\ntwo')
  expect(remote.git('log', '--format=%s', 'main').split('\n')).toHaveLength(4)
  expect(folder.git('rev-parse', 'HEAD')).toBe(remote.git('rev-parse', 'main'))
})

it('is no commit where the file says so already, but the clone follows', async () => {
  pushFromOther('README.md', 'theirs\n')

  expect(await publish({ edit: (text) => text ?? '' })).toEqual({ kind: 'published', revision: null, notes: [] })
  expect(folder.git('rev-parse', 'HEAD')).toBe(remote.git('rev-parse', 'main'))
})

it('takes along what was committed here and not pushed', async () => {
  folder.write('README.md', 'mine\n')
  folder.commit('mine')

  expect(await publish()).toMatchObject({ kind: 'published' })
  expect(remote.git('log', '--format=%s', 'main').split('\n')).toEqual(['say two', 'mine', 'first'])
})

it('leaves no trace where the remote takes nothing', async () => {
  const hook = join(remote.path, 'hooks/pre-receive')
  writeFileSync(hook, '#!/bin/sh\necho "read only" >&2\nexit 1\n')
  chmodSync(hook, 0o755)
  const before = folder.git('rev-parse', 'HEAD')

  expect(await publish()).toMatchObject({ kind: 'refused', why: expect.stringContaining('pre-receive hook declined') })
  expect(folder.git('rev-parse', 'HEAD')).toBe(before)
  expect(folder.git('status', '--porcelain')).toBe('')
})

it('forces nothing where the two went different ways', async () => {
  pushFromOther('README.md', 'theirs\n')
  folder.write('mine.txt', 'mine\n')
  folder.commit('mine')
  const before = remote.git('rev-parse', 'main')

  expect(await publish()).toMatchObject({ kind: 'refused' })
  expect(remote.git('rev-parse', 'main')).toBe(before)
})

it.each([
  ['no remote', () => folder.git('remote', 'remove', 'origin'), { kind: 'no-remote' }],
  [
    'a remote that does not answer',
    () => folder.git('remote', 'set-url', 'origin', '/nowhere'),
    { kind: 'unreachable' },
  ],
])('tells of %s', async (_, make, answer) => {
  make()

  expect(await publish()).toMatchObject(answer)
})

it('refuses a file with edits that are not committed', async () => {
  folder.write(path, 'by hand\n')

  await expect(publish()).rejects.toMatchObject({ code: 'STACK_NOT_COMMITTED' })
})

it('waits in a branch of its own for a person, one commit after the other', async () => {
  const proposal = 'stack/updates'
  const before = folder.git('rev-parse', 'HEAD')

  expect(await publish({ proposal })).toMatchObject({ kind: 'published' })
  expect(await publish({ proposal, edit: (text) => text ?? '' })).toMatchObject({ revision: null })
  expect(await publish({ proposal, edit: append('three') })).toMatchObject({ kind: 'published' })

  expect(folder.git('rev-parse', 'HEAD')).toBe(before)
  expect(remote.git('rev-parse', 'main')).toBe(before)
  expect(remote.git('show', `${proposal}:${path}`)).toBe('one\ntwo\nthree')

  pushFromOther('README.md', 'theirs\n')
  expect(await publish({ proposal, edit: append('four') })).toMatchObject({ kind: 'published' })
  expect(remote.git('show', `${proposal}:README.md`)).toBe('theirs')
  expect(remote.git('show', `${proposal}:${path}`)).toBe('one\nfour')
})

it('waits in a branch here where there is no remote', async () => {
  folder.git('remote', 'remove', 'origin')

  expect(await publish({ proposal: 'stack/updates' })).toMatchObject({ kind: 'published' })
  expect(folder.git('show', `stack/updates:${path}`)).toBe('one\ntwo')
})
