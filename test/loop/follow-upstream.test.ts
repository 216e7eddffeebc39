import { describe, expect, it } from 'vitest'

import { followUpstream } from '../../reconciler/loop/follow-upstream.ts'
import type { Revision } from '../../reconciler/model/names.ts'
import type { Standing } from '../../reconciler/ports/upstream.ts'

const { signal } = new AbortController()
const wanted = { remote: null, branch: null, verify: 'none' } as const
const one = '1111111111111111111111111111111111111111' as Revision
const two = '2222222222222222222222222222222222222222' as Revision
const pushed = { count: 0, notPushed: null }
const name = 'origin main'

async function answer(standing: Standing, removedLocks: readonly string[] = []) {
  const follow = async () => ({ ...standing, removedLocks })
  const { moved, stall, notes } = await followUpstream({ follow }, wanted, signal)
  return { moved, stall, notes: notes.map(({ kind, message }) => `${kind}: ${message}`) }
}

describe('a run', () => {
  it.each<[Standing]>([[{ kind: 'none' }], [{ kind: 'same', revision: one }], [{ kind: 'ahead', name, own: pushed }]])(
    'goes on in silence: %o',
    async (standing) => {
      expect(await answer(standing)).toEqual({ moved: null, stall: null, notes: [] })
    },
  )

  it('goes on with the commit that it was moved to', async () => {
    const standing: Standing = { kind: 'moved', from: one, to: two, forced: false, name, own: pushed }

    expect(await answer(standing)).toEqual({ moved: two, stall: null, notes: [] })
  })

  it('says that the branch was rewritten, and what was not pushed', async () => {
    const own = { count: 2, notPushed: 'pre-receive hook declined' }

    expect(await answer({ kind: 'moved', from: one, to: two, forced: true, name, own })).toMatchObject({
      notes: [
        'warning: origin main was rewritten; this host went from 1111111 to 2222222',
        'warning: 2 commits of this host are not pushed to origin main: pre-receive hook declined',
      ],
    })
  })

  it('goes on with the last commit where the remote is away, or has no such branch', async () => {
    expect(await answer({ kind: 'unreachable', name, why: 'Connection refused' })).toEqual({
      moved: null,
      stall: null,
      notes: ['warning: origin main cannot be reached, the last commit from it goes on: Connection refused'],
    })
    expect(await answer({ kind: 'gone', name })).toMatchObject({
      stall: null,
      notes: ['warning: there is no origin main; the commit that is here goes on'],
    })
  })

  it.each<[string, Standing]>([
    ['STACK_DIVERGED', { kind: 'diverged', message: 'why', hint: 'what' }],
    ['STACK_NOT_COMMITTED', { kind: 'refused', message: 'why', hint: 'what', paths: ['a'] }],
    ['STACK_UNVERIFIED', { kind: 'unverified', message: 'why', hint: 'what', revision: one }],
  ])('is stalled by %s, which a person has to mend', async (code, standing) => {
    const { moved, stall } = await answer(standing)

    expect(moved).toBeNull()
    expect(stall).toMatchObject({ code, message: 'why', hint: 'what', terminal: true })
  })

  it('names the locks that were removed', async () => {
    expect((await answer({ kind: 'none' }, ['/x/.git/index.lock'])).notes).toEqual([
      'warning: removed /x/.git/index.lock, which a git that is dead had left',
    ])
  })
})
