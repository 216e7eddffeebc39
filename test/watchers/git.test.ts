import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { GitSettings, Revision, UpstreamHead } from '../../reconciler/index.ts'
import { watchGit } from '../../watchers/git.ts'
import type { GitState } from '../../watchers/git-state.ts'
import { type SlowClock, settled, slowClock } from './slow-clock.ts'

const rev = (letter: string) => letter.repeat(40) as Revision
const at = (remote: string, local: string): UpstreamHead => {
  return { kind: 'at', name: 'origin main', revision: rev(remote), local: rev(local) }
}
const away = (local = 'a'): UpstreamHead => {
  return { kind: 'unreachable', name: 'origin main', why: 'Connection refused', local: rev(local) }
}

let settings: GitSettings
let head: UpstreamHead | Error
let looks: number
let asked: string[]
let states: GitState[]
let places: readonly string[]
let turns: (readonly string[])[]
let clock: SlowClock
let change: () => void
let stop: AbortController
let watching: Promise<void>

beforeEach(() => {
  settings = { remote: null, branch: null, intervalMs: 60_000, verify: 'none' }
  head = at('a', 'a')
  looks = 0
  asked = []
  states = []
  places = ['/x/.git/HEAD']
  turns = []
  clock = slowClock()
  stop = new AbortController()
})
afterEach(async () => {
  stop.abort()
  await watching
})

async function start(): Promise<void> {
  watching = watchGit(
    {
      clock,
      upstream: {
        async peek() {
          looks += 1
          if (head instanceof Error) throw head
          return head
        },
        places: async () => places,
      },
      settings: () => settings,
      request: ({ reason, revision }) => asked.push(`${reason} ${revision[0]}`),
      onState: (state) => states.push(state),
      openEyes(onChange) {
        change = onChange
        let before = ''
        return {
          async turnTo(wanted) {
            if (before === String(wanted)) return false
            before = String(wanted)
            turns.push(wanted)
            return true
          },
          close: async () => {},
        }
      },
    },
    stop.signal,
  )
  await settled()
  looks = 0
}

describe('at its interval', () => {
  it.each([
    [0, 54_000],
    [0.5, 60_000],
    [0.999, 65_988],
  ])('looks again, a tenth earlier or later by chance (%f)', async (random, ms) => {
    clock = slowClock(random)
    await start()

    await clock.pass(ms - 1)
    expect(looks).toBe(0)
    await clock.pass(1)
    expect(looks).toBe(1)
  })

  it('asks once for a head that it has not seen, and never for one that it has', async () => {
    await start()
    expect(asked).toEqual([])

    head = at('b', 'a')
    await clock.pass(60_000)
    await clock.pass(60_000)
    head = at('b', 'b')
    await clock.pass(60_000)

    expect(asked).toEqual(['push b'])
    expect(looks).toBe(3)
  })

  it('takes another interval, remote or branch when stack.toml has one', async () => {
    await start()
    settings = { ...settings, intervalMs: 1_000 }
    await clock.pass(60_000)
    looks = 0

    await clock.pass(10_000)

    expect(looks).toBe(10)
  })
})

describe('what is worth a run', () => {
  it('is at the start what the remote has and this host has not', async () => {
    head = at('b', 'a')
    await start()

    expect(asked).toEqual(['push b'])
  })

  it('is a local commit, with a remote or without', async () => {
    await start()
    head = at('a', 'c')
    await clock.pass(60_000)
    head = { kind: 'none', local: rev('d') }
    await clock.pass(60_000)

    expect(asked).toEqual(['push c', 'push d'])
  })

  it('is a branch that was rewritten, back to an older commit, too', async () => {
    head = at('a', 'a')
    await start()
    for (const [remote, local] of ['ba', 'bb', 'ab', 'aa', 'ba']) {
      head = at(remote ?? '', local ?? '')
      await clock.pass(60_000)
    }

    expect(asked).toEqual(['push b', 'push a', 'push b'])
  })

  it('is not what was pushed from here', async () => {
    await start()
    head = at('a', 'c')
    await clock.pass(60_000)
    head = at('c', 'c')
    await clock.pass(60_000)

    expect(asked).toEqual(['push c'])
  })

  it('is not that a branch is gone, and is what it is when it is back', async () => {
    await start()
    head = { kind: 'gone', name: 'origin main', local: rev('a') }
    await clock.pass(60_000)
    head = at('a', 'a')
    await clock.pass(60_000)
    expect(asked).toEqual([])
    expect(states.map(({ kind }) => kind)).toEqual(['reached', 'gone', 'reached'])

    head = at('b', 'a')
    await clock.pass(60_000)
    expect(asked).toEqual(['push b'])
  })
})

describe('a change on this disk', () => {
  it('is looked at in 20 ms', async () => {
    await start()
    head = at('b', 'a')
    change()
    change()

    await clock.pass(19)
    expect(asked).toEqual([])
    await clock.pass(1)
    expect(asked).toEqual(['push b'])
    expect(looks).toBe(1)
  })

  it('that comes in crowds costs two requests a second, and the last is not lost', async () => {
    await start()
    for (const letter of 'bcdefghijk') {
      head = at(letter, 'a')
      change()
      await clock.pass(100)
    }
    await clock.pass(1_000)

    expect(asked).toEqual(['push b', 'push g', 'push k'])
  })

  it('during a look is looked at after it', async () => {
    await start()
    head = at('b', 'a')
    change()
    await clock.pass(20)
    change()
    head = at('c', 'a')
    await clock.pass(500)

    expect(asked).toEqual(['push b', 'push c'])
  })

  it('is looked for where the branch lies now, and what nobody watched is looked at', async () => {
    await start()
    expect(turns).toEqual([['/x/.git/HEAD']])

    places = ['/x/.git/HEAD', '/srv/home.git/refs/heads']
    await clock.pass(60_000)

    expect(turns).toHaveLength(2)
    expect(looks).toBe(2)
  })
})

describe('a remote that is away', () => {
  it('is asked at twice the interval each time, at most every 15 minutes, and since when is kept', async () => {
    await start()
    head = away()
    const failedAt: number[] = []
    const from = clock.nowMs()
    for (let minute = 0; minute < 80; minute++) {
      const before = looks
      await clock.pass(60_000)
      if (looks > before) failedAt.push((clock.nowMs() - from) / 60_000)
    }

    expect(failedAt).toEqual([1, 2, 4, 8, 16, 31, 46, 61, 76])
    expect(states.at(-1)).toEqual({
      ...{ kind: 'unreachable', name: 'origin main', why: 'Connection refused', sinceMs: from + 60_000, failures: 9 },
    })
    expect(asked).toEqual([])
  })

  it('is never asked more seldom than an interval that is longer', async () => {
    settings = { ...settings, intervalMs: 3_600_000 }
    head = away()
    await start()

    await clock.pass(3 * 3_600_000)

    expect(looks).toBe(3)
  })

  it('is told when it is back, and its news are not lost', async () => {
    head = away()
    await start()
    head = at('b', 'a')
    await clock.pass(60_000)

    expect(states.map(({ kind }) => kind)).toEqual(['unreachable', 'reached'])
    expect(asked).toEqual(['push b'])
    looks = 0
    await clock.pass(60_000)
    expect(looks).toBe(1)
  })

  it('does not hide a local commit', async () => {
    await start()
    head = away('c')
    change()
    await clock.pass(20)

    expect(asked).toEqual(['push c'])
  })

  it('is as good as a repository in trouble, which is outlived', async () => {
    await start()
    head = new Error('not a git repository')
    await clock.pass(60_000)
    head = at('b', 'a')
    await clock.pass(60_000)

    expect(states.map(({ kind }) => kind)).toEqual(['reached', 'unreachable', 'reached'])
    expect(asked).toEqual(['push b'])
  })
})

it('ends when it is cancelled, asleep or not', async () => {
  await start()
  stop.abort()

  await expect(watching).resolves.toBeUndefined()
})
