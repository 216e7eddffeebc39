import { describe, expect, it } from 'vitest'
import { and, applied, container } from '../support/actual.ts'
import { desired } from '../support/desired.ts'
import { stacklet } from '../support/intent.ts'
import { planText } from '../support/plan-text.ts'

const broken = { manifest: 'id = "core"\nport = "eighty"\n' }
const chain = [
  stacklet('photos', { requires: ['core'] }),
  stacklet('album', { requires: ['photos'] }),
  stacklet('other'),
]
const before = desired([stacklet('core'), ...chain])

describe('a stacklet with a mistake in it', () => {
  it('stays as it is, and says where the mistake is', () => {
    const want = desired([stacklet('core', broken)])

    expect(planText(want, applied(desired([stacklet('core')])))).toMatchInlineSnapshot(`
      "! stalled: stacklets/core/stacklet.toml:2:8: port must be a whole number, not text
          change the value, or take the line out"
    `)
  })

  it('keeps what requires it, near or far, as it is; the rest goes on', () => {
    const changed = chain.map((one) => ({ ...one, env: { MODE: 'new' } }))
    const want = desired([stacklet('core', broken), ...changed])

    expect(planText(want, applied(before))).toMatchInlineSnapshot(`
      "other
        ~ write-env                    values changed
        ± replace                      values changed
            stacklet.toml: 23e8c71d9036 → bbe6f8b6ef5d  (commit c0ffee1)
            env MODE: none → new  (it is new)
        · await-health                 started

      ! stalled: stacklets/core/stacklet.toml:2:8: port must be a whole number, not text
          change the value, or take the line out
      ! stalled: photos requires core, which is stalled: stacklets/core/stacklet.toml:2:8: port must be a whole number, not text
          change the value, or take the line out
      ! stalled: album requires core, which is stalled: stacklets/core/stacklet.toml:2:8: port must be a whole number, not text
          change the value, or take the line out"
    `)
  })

  it('keeps nobody who leaves', () => {
    const leaving = stacklet('photos', { requires: ['core'], state: 'absent' })
    const want = desired([stacklet('core', broken), leaving])

    expect(planText(want, applied(desired([stacklet('core'), stacklet('photos')])))).toMatchInlineSnapshot(`
      "photos
        - remove                       declared absent
        - trash-data                   declared absent
        - forget                       declared absent

      ! stalled: stacklets/core/stacklet.toml:2:8: port must be a whole number, not text
          change the value, or take the line out"
    `)
  })

  it('stays even when it is declared absent: nobody can read what it wants done before', () => {
    const want = desired([stacklet('core', { ...broken, state: 'absent' })])

    expect(planText(want, applied(desired([stacklet('core')])))).toMatchInlineSnapshot(`
      "! stalled: stacklets/core/stacklet.toml:2:8: port must be a whole number, not text
          change the value, or take the line out"
    `)
  })
})

describe('a stacklet that somebody is editing', () => {
  it('waits, and so does what requires it', () => {
    const uncommitted = ['stacklets/core/docker-compose.yml']
    const want = desired([stacklet('core', { env: { MODE: 'new' } }), ...chain], { uncommitted })

    expect(planText(want, applied(before))).toMatchInlineSnapshot(`
      "! waiting: core waits for uncommitted edits in stacklets/core (docker-compose.yml)
          commit the edits, or undo them
      ! waiting: photos requires core, which is waiting: core waits for uncommitted edits in stacklets/core (docker-compose.yml)
          commit the edits, or undo them
      ! waiting: album requires core, which is waiting: core waits for uncommitted edits in stacklets/core (docker-compose.yml)
          commit the edits, or undo them"
    `)
  })
})

describe("another instance's container", () => {
  const want = desired([stacklet('photos', { services: { web: { containerName: 'photos' } } }), stacklet('other')])
  const theirs = container('photos', { instance: 'instance-2', stacklet: 'photos', project: 'stack-photos' })

  it('under our name is a conflict that no yes settles', () => {
    const have = and(applied(want, { photos: null }), theirs)

    expect(planText(want, have, { yes: true })).toMatchInlineSnapshot(`
      "! conflict: container photos, which photos needs, belongs to the stack instance instance-2
          stop it there first, or give this stacklet another container_name"
    `)
  })

  it('does not keep ours from stopping or leaving', () => {
    const have = and(applied(want), { ...theirs, name: 'photos-of-theirs' })
    const stopping = desired([stacklet('photos', { state: 'stopped' }), stacklet('other')])
    const leaving = desired([stacklet('photos', { state: 'absent' }), stacklet('other')])

    expect(planText(stopping, have)).toContain('- stop ')
    expect(planText(leaving, have)).toContain('- remove ')
  })
})

describe('a container of ours that is not going to leave', () => {
  const named = { services: { web: { containerName: 'photos' } } }
  const have = applied(desired([stacklet('album', named)]))

  it.each(['keep', 'down'] as const)('keeps its name, listed or not, when prune is %s', (prune) => {
    const want = desired([stacklet('photos', named)], { prune })

    expect(planText(want, have)).toContain(
      '! conflict: container photos, which is in the way of photos, belongs to album, which is no longer listed\n' +
        '    declare album absent: its data moves to the trash',
    )
  })

  it('keeps its name while it is declared stopped', () => {
    const want = desired([stacklet('album', { ...named, state: 'stopped' }), stacklet('photos', named)])

    expect(planText(want, have)).toContain('belongs to album, which is declared stopped')
  })

  it('keeps its port, too, while it is left alone', () => {
    const published = { services: { web: { port: 80 } } }
    const want = desired([stacklet('album', { manifest: 'port = "eighty"\n' }), stacklet('photos', published)])

    expect(planText(want, applied(desired([stacklet('album', published)])))).toContain(
      '! conflict: container stack-album-web-1, which is in the way of photos, belongs to album, which is stalled',
    )
  })

  it.each([
    ['absent', [stacklet('album', { state: 'absent' })]],
    ['changed', [stacklet('album')]],
  ])('gives it up when it is declared %s', (_, album) => {
    expect(planText(desired([...album, stacklet('photos', named)]), have)).not.toContain('conflict')
  })
})

describe("nobody's container", () => {
  it('under our name is held until a person says so', () => {
    const want = desired([stacklet('photos', { services: { web: { containerName: 'photos' } } })])
    const have = and(applied(want, { photos: null }), container('photos', { instance: null }))

    expect(planText(want, have)).toMatchInlineSnapshot(`
      "! held: remove-foreign photos photos is held, because name taken
          allow it with stack reconcile --yes, or a commit that says Stack-Approve: 41a452c561264886"
    `)
    expect(planText(want, have, { yes: true })).toMatchInlineSnapshot(`
      "photos
        - remove-foreign photos        name taken
        + start                        missing
            web container: none → running  (changed on the host)
        · await-health                 started"
    `)
  })
})
