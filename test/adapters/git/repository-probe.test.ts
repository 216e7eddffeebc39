import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { repositoryProbe } from '../../../reconciler/adapters/git/repository-probe.ts'
import type { RepositoryQuestion } from '../../../reconciler/ports/repository-probe.ts'
import { type RepositoryFolder, repositoryFolder } from './repository-folder.ts'

const { signal } = new AbortController()
const question: RepositoryQuestion = { remote: null, branch: null, ignored: ['.stack/x', 'stacklets/a/.env', 'data/x'] }

let folder: RepositoryFolder
beforeEach(() => {
  folder = repositoryFolder()
})
afterEach(() => folder.remove())

function look(asked: Partial<RepositoryQuestion> = {}) {
  return repositoryProbe({ instance: folder.path }).look({ ...question, ...asked }, signal)
}

describe('a repository', () => {
  it('that is none is told', async () => {
    expect(await look()).toMatchObject({ state: 'none', problem: null, remote: null })
  })

  it('without a commit is empty', async () => {
    folder.init()

    expect(await look()).toMatchObject({ state: 'empty', headAtMs: null, person: { name: 'Test' } })
  })

  it('says what it does not ignore, and what it keeps that it should not', async () => {
    folder.init()
    folder.write('.gitignore', '.stack/\n')
    folder.write('stacklets/a/.env', 'PASSWORD=x')
    folder.write('stacklets/a/stacklet.toml', '')
    folder.commit()

    expect(await look()).toMatchObject({
      state: 'committed',
      headAtMs: expect.any(Number),
      notIgnored: ['stacklets/a/.env', 'data/x'],
      tracked: ['stacklets/a/.env'],
      lock: null,
    })
  })

  it('ignores everything where it should', async () => {
    folder.init()
    folder.write('.gitignore', '.stack\n.env\n/data/\n')
    folder.commit()

    expect(await look()).toMatchObject({ notIgnored: [], tracked: [] })
  })

  it('tells a lock that lies there', async () => {
    folder.init()
    folder.commit()
    folder.write('.git/index.lock', '')

    expect((await look()).lock?.path).toMatch(/\.git\/index\.lock$/)
  })
})

describe('a remote', () => {
  beforeEach(() => {
    folder.init()
    folder.commit()
  })

  it('that answers is well', async () => {
    const other = repositoryFolder()
    other.init()
    other.commit()
    folder.git('remote', 'add', 'origin', other.path)

    expect((await look()).remote).toEqual({ name: 'origin', failure: null })
    other.remove()
  })

  it('that is away is told, without the password in its address', async () => {
    folder.git('remote', 'add', 'origin', 'https://ada:hunter2@127.0.0.1:1/home.git')

    const { remote } = await look()

    expect(remote).toMatchObject({ name: 'origin', failure: expect.stringContaining('127.0.0.1') })
    expect(JSON.stringify(remote)).not.toContain('hunter2')
  })

  it('that is named by its address in stack.toml is asked there', async () => {
    const remote = 'https://ada:hunter2@127.0.0.1:1/home.git'

    expect((await look({ remote })).remote?.name).toBe('https://***@127.0.0.1:1/home.git')
  })
})
