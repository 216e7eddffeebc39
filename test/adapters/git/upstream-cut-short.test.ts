import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { desired, type UpstreamFolders, upstreamFolders } from './upstream-folders.ts'

let folders: UpstreamFolders

beforeEach(() => {
  folders = upstreamFolders()
})
afterEach(() => {
  vi.unstubAllEnvs()
  folders.remove()
})

const at = (path: string) => join(folders.host.path, path)
const refs = () => folders.host.git('for-each-ref', '--format=%(refname)', 'refs/stack')

describe('a lock file of git', () => {
  beforeEach(() => {
    folders.host.write('.git/index.lock', '')
  })
  const age = (seconds: number) => {
    const then = Date.now() / 1000 - seconds
    utimesSync(at('.git/index.lock'), then, then)
  }

  it('that is old and that no git holds is removed, and named', async () => {
    const to = folders.push(desired, 'two\n')
    age(60)

    expect(await folders.follow()).toMatchObject({ kind: 'moved', to, removedLocks: [at('.git/index.lock')] })
    expect(existsSync(at('.git/index.lock'))).toBe(false)
  })

  it('that is young is left, and the run is told whose way it is', async () => {
    folders.push(desired, 'two\n')

    await expect(folders.follow()).rejects.toMatchObject({
      code: 'STACK_LOCKED',
      hint: expect.stringContaining(`rm ${at('.git/index.lock')}`),
    })
    expect(existsSync(at('.git/index.lock'))).toBe(true)
  })

  it('that is old is left while a git is at work there: an editor may be open', async () => {
    folders.push(desired, 'two\n')
    age(60)
    const git = spawn('git', ['cat-file', '--batch'], { cwd: folders.host.path, stdio: ['pipe', 'ignore', 'ignore'] })

    await expect(folders.follow()).rejects.toMatchObject({ code: 'STACK_LOCKED' })
    git.stdin.end()
    await new Promise((resolve) => git.once('exit', resolve))
    expect(await folders.follow()).toMatchObject({ kind: 'moved' })
  })

  it('is removed at once when it is of a move of ours', async () => {
    const to = folders.push(desired, 'two\n')
    folders.host.git('fetch', '-q')
    folders.host.git('update-ref', 'refs/stack/moving', to)

    expect(await folders.follow()).toMatchObject({ kind: 'moved', to, removedLocks: [at('.git/index.lock')] })
    expect(refs()).toBe('refs/stack/followed')
  })

  it('of a branch is as good as that of the index', async () => {
    rmSync(at('.git/index.lock'))
    const to = folders.push(desired, 'two\n')
    folders.host.write('.git/refs/heads/main.lock', '')
    utimesSync(at('.git/refs/heads/main.lock'), 1, 1)

    expect(await folders.follow()).toMatchObject({ kind: 'moved', to, removedLocks: [at('.git/refs/heads/main.lock')] })
    expect([folders.head(), folders.status()]).toEqual([to, ''])
  })
})

describe('a move that was killed', () => {
  /** What git leaves when it dies among the files: some of them new, one half, one away, and the index as it was. */
  function halfMoved(): string {
    folders.push('stacklets/a/gone.txt', 'gone\n')
    folders.push('stacklets/a/link', 'no link yet\n')
    folders.host.git('pull', '-q')
    folders.other.git('rm', '-q', 'stacklets/a/gone.txt')
    rmSync(join(folders.other.path, 'stacklets/a/link'))
    symlinkSync('new.txt', join(folders.other.path, 'stacklets/a/link'))
    folders.other.write('stacklets/a/new.txt', 'new\n')
    folders.other.write('README.md', 'a long text that is written by and by\n')
    folders.other.writeExecutable('stacklets/a/hook', 'hook\n')
    const to = folders.push(desired, 'two\n')

    folders.host.git('fetch', '-q')
    folders.host.git('update-ref', 'refs/stack/moving', to)
    folders.host.write(desired, 'two\n')
    folders.host.write('stacklets/a/new.txt', 'ne')
    folders.host.write('README.md', 'a long text that')
    rmSync(at('stacklets/a/gone.txt'))
    rmSync(at('stacklets/a/link'))
    folders.host.write('.git/index.lock', 'half')
    return to
  }

  it('is done anew, though it looks like edits', async () => {
    const to = halfMoved()

    expect(await folders.follow()).toMatchObject({ kind: 'moved', to })
    expect([folders.head(), folders.status(), refs()]).toEqual([to, '', 'refs/stack/followed'])
  })

  it('is no matter where the branch was rewritten meanwhile', async () => {
    halfMoved()
    const to = folders.rewrite('more.txt', 'more\n')

    expect(await folders.follow()).toMatchObject({ kind: 'moved', to })
    expect(folders.status()).toBe('')
  })

  it('is done anew though the index was written already', async () => {
    const to = halfMoved()
    rmSync(at('.git/index.lock'))
    folders.host.git('add', '-A')

    expect(await folders.follow()).toMatchObject({ kind: 'moved', to })
    expect(folders.status()).toBe('')
  })

  it('is taken back though the remote is away', async () => {
    halfMoved()

    expect(await folders.follow({ remote: '/no/such' })).toMatchObject({ kind: 'unreachable' })
    expect([folders.status(), refs()]).toEqual(['', ''])
  })

  it('takes no edit of a person for its own', async () => {
    halfMoved()
    folders.host.write('README.md', 'mine\n')

    expect(await folders.follow()).toMatchObject({ kind: 'refused', paths: ['README.md'] })
    expect(folders.read('README.md')).toBe('mine\n')
    folders.host.git('checkout', '-q', 'HEAD', 'README.md')
    expect(await folders.follow()).toMatchObject({ kind: 'moved' })
    expect(folders.status()).toBe('')
  })
})

describe('a process that is killed at any moment', { timeout: 180_000 }, () => {
  const kills = Number(process.env['STACK_RUNS'] ?? 12)

  it('leaves a repository that the next one brings to the end', async () => {
    const fullMs = await followedIn(started())
    for (let index = 0; index < kills; index++) {
      for (let file = 0; file < 30; file++)
        folders.other.write(`stacklets/a/${file}`, `${index} ${'x'.repeat(file * 99)}\n`)
      folders.other.git('rm', '-q', '--ignore-unmatch', '-f', `stacklets/a/${(index + 1) % 30}`)
      const to = index % 3 === 2 ? folders.rewrite(desired, `${index}\n`) : folders.push(desired, `${index}\n`)
      await killedAfter(started(), fullMs * (0.4 + (0.6 * (index + 1)) / (kills + 1)))

      const answer = await followedAtLast()

      expect(['moved', 'same']).toContain(answer.kind)
      expect([folders.head(), folders.status(), refs()]).toEqual([to, '', 'refs/stack/followed'])
      expect(folders.host.git('fsck', '--no-dangling', '--no-progress')).toBe('')
    }
  })

  /** A lock that died with its owner is not old yet; the next run would find it so. */
  async function followedAtLast() {
    try {
      return await folders.follow()
    } catch {
      for (const lock of locks()) utimesSync(lock, 1, 1)
      return folders.follow()
    }
  }
})

function started(): ChildProcess {
  const program = fileURLToPath(new URL('follow-now.ts', import.meta.url))
  const options = { stdio: ['ignore', 'pipe', 'inherit'] as ['ignore', 'pipe', 'inherit'], detached: true }
  return spawn(process.execPath, ['--import', 'tsx', program, folders.host.path], options)
}

async function followedIn(child: ChildProcess): Promise<number> {
  const before = performance.now()
  await new Promise((resolve) => child.once('close', resolve))
  return performance.now() - before
}

/** The process, and the git that it started in a group of its own, as a kernel that lacks memory or power does it. */
async function killedAfter(child: ChildProcess, ms: number): Promise<void> {
  const closed = new Promise((resolve) => child.once('close', resolve))
  await new Promise((resolve) => setTimeout(resolve, ms))
  const children = childrenOf(child.pid ?? 0)
  child.kill('SIGKILL')
  for (const pid of children) {
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // It had ended by itself.
    }
  }
  await closed
}

function childrenOf(pid: number): readonly number[] {
  const path = `/proc/${pid}/task/${pid}/children`
  return existsSync(path) ? readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number) : []
}

function locks(): readonly string[] {
  const names = readdirSync(at('.git'), { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith('.lock')).map((name) => at(join('.git', name)))
}
