import { execFile } from 'node:child_process'
import { renameSync, rmSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { systemClock } from '../../reconciler/adapters/clock/system-clock.ts'
import type { GitSettings } from '../../reconciler/index.ts'
import { watchGit } from '../../watchers/git.ts'
import type { GitState } from '../../watchers/git-state.ts'
import { desired, type UpstreamFolders, upstreamFolders } from '../adapters/git/upstream-folders.ts'

const git = promisify(execFile)
let folders: UpstreamFolders
let settings: GitSettings
let asked: string[]
let states: GitState[]
let stop: AbortController
/** How often it asked where to look. */
let looks: number
let watching: Promise<void>

beforeEach(() => {
  folders = upstreamFolders()
  settings = { remote: null, branch: null, intervalMs: 3_600_000, verify: 'none' }
  asked = []
  states = []
  looks = 0
  stop = new AbortController()
})
afterEach(async () => {
  stop.abort()
  await watching
  folders.remove()
})

async function start(): Promise<void> {
  let turned = () => {}
  const isWatching = new Promise<void>((resolve) => (turned = resolve))
  const { upstream } = folders
  watching = watchGit(
    {
      clock: systemClock(),
      upstream: {
        peek: (wanted, signal) => upstream.peek(wanted, signal),
        async places(wanted, signal) {
          // The second time it is watching, and has looked since.
          looks += 1
          if (looks === 2) turned()
          return upstream.places(wanted, signal)
        },
      },
      settings: () => settings,
      request: ({ revision }) => asked.push(revision),
      onState: (state) => states.push(state),
    },
    stop.signal,
  )
  await isWatching
}

/** Its interval is an hour: what comes sooner was seen on the disk. */
async function seen(revision: string): Promise<void> {
  await vi.waitUntil(() => asked.includes(revision), {
    timeout: 5_000,
    interval: 5,
  })
}

async function pushed(text: string): Promise<string> {
  folders.other.write(desired, text)
  const revision = folders.other.commit(text)
  await git('git', ['push', '-q', 'origin', 'main'], { cwd: folders.other.path })
  return revision
}

it('sees a push to a repository on this disk at once, again and again', async () => {
  await start()
  for (const text of ['one', 'two', 'three', 'four', 'five']) {
    await seen(await pushed(text))
    await folders.follow()
  }

  expect(asked).toHaveLength(5)
})

it('sees branches that are packed, removed and made again', async () => {
  await start()
  folders.remote.git('pack-refs', '--all')
  await seen(await pushed('packed'))
  folders.remote.git('update-ref', '-d', 'refs/heads/main')
  await vi.waitUntil(() => states.at(-1)?.kind === 'gone', { timeout: 5_000 })
  await seen(await pushed('again'))
})

it('sees a commit that is made here at once', async () => {
  await start()
  folders.host.write(desired, 'here\n')
  const revision = folders.host.commit('here')

  await seen(revision)
})

it('makes few requests of ten pushes in a second, the last of them among these', async () => {
  await start()
  let last = ''
  for (let index = 0; index < 10; index++) last = await pushed(String(index))
  await seen(last)

  expect(asked.length).toBeLessThan(10)
  expect(asked.at(-1)).toBe(last)
})

it('outlives a remote that vanishes and returns, or is made anew', async () => {
  settings = { ...settings, intervalMs: 200 }
  await start()
  const { remote } = folders
  renameSync(remote.path, `${remote.path}-moved`)
  await vi.waitUntil(() => states.at(-1)?.kind === 'unreachable', { timeout: 5_000 })
  renameSync(`${remote.path}-moved`, remote.path)
  await vi.waitUntil(() => states.at(-1)?.kind === 'reached', { timeout: 10_000 })
  await seen(await pushed('returned'))

  rmSync(remote.path, { recursive: true })
  await git('git', ['clone', '-q', '--bare', folders.other.path, remote.path])
  await lookedAgain(3)
  expect(states.at(-1)?.kind).toBe('reached')
  settings = { ...settings, intervalMs: 3_600_000 }
  await seen(await pushed('anew'))
})

async function lookedAgain(times: number): Promise<void> {
  const before = looks
  await vi.waitUntil(() => looks >= before + times, { timeout: 10_000 })
}
