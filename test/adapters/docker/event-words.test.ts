import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { happeningOf, readEvent } from '../../../reconciler/adapters/docker/event-words.ts'
import { newsCursor, secondsOf } from '../../../reconciler/adapters/docker/news-cursor.ts'
import { ownSubjects } from '../../../reconciler/adapters/docker/own-subjects.ts'
import type { StackletId } from '../../../reconciler/model/names.ts'

const line = (Action: string, Attributes: object = {}, more: object = {}): string =>
  JSON.stringify({ Type: 'container', Action, Actor: { ID: 'c1', Attributes }, timeNano: 1, ...more })
const read = (text: string) => readEvent(text) ?? expect.fail('no event')

describe('a line of the stream', () => {
  it.each([
    [line('die', { exitCode: '137' }), { kind: 'died', exitCode: 137 }],
    [line('kill', { signal: '15' }), { kind: 'killed', signal: '15' }],
    [line('rename', { name: 'new', oldName: '/old' }), { kind: 'renamed', from: 'old' }],
    [line('stop'), { kind: 'stopped' }],
    [line('destroy'), { kind: 'removed' }],
    [line('health_status: unhealthy'), { kind: 'unhealthy' }],
    [
      line('disconnect', { container: 'c1', name: 'net' }, { Type: 'network' }),
      { kind: 'disconnected', network: 'net' },
    ],
    [line('exec_create: sh -c secret'), null],
    [line('destroy', { container: 'c1' }, { Type: 'network' }), null],
    [line('start', {}, { Type: 'plugin' }), null],
  ])('is news in our words: %s', (text, happening) => {
    expect(happeningOf(read(text))).toEqual(happening)
  })

  it('keeps all digits of its time, whatever a label says', () => {
    const text =
      '{"Type":"container","Action":"start","Actor":{"ID":"c","Attributes":{"a":"\\"timeNano\\":5","timeNano":"6"}},'

    expect(readEvent(`${text}"timeNano":1795740036924304725}`)?.atNs).toBe('1795740036924304725')
  })

  it.each(['', 'null', '5', '{', '[]', '{"timeNano":5}', '"timeNano":5', line('start', {}, { timeNano: 'x' })])(
    'that is no event of a container is none: %s',
    (text) => {
      expect(readEvent(text)).toBeNull()
    },
  )

  it('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const event = readEvent(text)
        expect(event === null || typeof event.containerId === 'string').toBe(true)
      }),
    )
  })
})

describe('whose a container is', () => {
  const ours = { 'stack.instance': 'me', 'stack.stacklet': 'photos', 'com.docker.compose.service': 'web' }
  const subjects = () =>
    ownSubjects({ instance: 'me', ownerOf: ({ project }) => (project === 'adopted' ? ('old' as StackletId) : null) })

  it.each([
    ['ours, by its labels', ours, { stacklet: 'photos', service: 'web' }],
    ['adopted, by its project', { 'com.docker.compose.project': 'adopted' }, { stacklet: 'old', project: 'adopted' }],
    ['ours without a stacklet', { 'stack.instance': 'me' }, { stacklet: null }],
    ["another instance's", { ...ours, 'stack.instance': 'other' }, null],
    ["a stranger's", {}, null],
    ['a helper of ours', { ...ours, 'stack.helper': 'true' }, null],
  ])('is told of what is %s', (_, attributes, subject) => {
    const found = subjects().subjectOf(read(line('die', { ...attributes, name: 'x' })))

    if (subject === null) expect(found).toBeNull()
    else expect(found).toMatchObject({ ...subject, name: 'x', containerId: 'c1' })
  })

  it('is known of networks too, from when it was seen until it was removed', () => {
    const known = subjects()
    const left = read(line('disconnect', { container: 'c1', name: 'net' }, { Type: 'network' }))
    const before = known.subjectOf(left)
    known.know([{ id: 'c1', name: '/photos-web-1', labels: ours }])

    expect(before).toBeNull()
    expect(known.subjectOf(left)?.name).toBe('photos-web-1')
    known.subjectOf(read(line('destroy', ours)))
    expect(known.subjectOf(left)).toBeNull()
  })

  it('is nobody known when this instance has no id yet', () => {
    expect(ownSubjects({ instance: null, ownerOf: () => null }).subjectOf(read(line('die', ours)))).toBeNull()
  })
})

describe('how far the news were heard', () => {
  const at = (atNs: string, action = 'start') => ({ ...read(line(action)), atNs })

  it('lets each thing pass once, in whatever order it is told again', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 60 }), (times) => {
        const cursor = newsCursor(null)
        const passed = [...times, ...times.toReversed()].filter((time) => cursor.hear(at(`${time + 1}`)))

        expect(passed).toEqual([...new Set(times)])
      }),
    )
  })

  it('goes on a second earlier than the last, never before it began', () => {
    const cursor = newsCursor('5000000000')
    cursor.hear(at('5500000000'))
    const early = cursor.resume('99')
    cursor.hear(at('9000000000'))
    cursor.hear(at('8000000000'))

    expect(early).toEqual({ isFirst: false, sinceNs: '5000000000', witnessNs: '5500000000' })
    expect(cursor.resume('99')).toEqual({ isFirst: false, sinceNs: '8000000000', witnessNs: '9000000000' })
  })

  it('goes on where it first began when it heard nothing, and does not say that nothing was missed', () => {
    const cursor = newsCursor(null)

    expect(cursor.resume('7')).toEqual({ isFirst: true, sinceNs: '7', witnessNs: null })
    expect(cursor.resume('9')).toEqual({ isFirst: false, sinceNs: '7', witnessNs: null })
  })

  it('knows what it began with, and hears on when the clock was put back', () => {
    const cursor = newsCursor('5000000000')

    expect([cursor.hear(at('5000000000')), cursor.hear(at('4000000000'))]).toEqual([false, true])
  })

  it('remembers no more than an engine could tell again', () => {
    const cursor = newsCursor(null)
    for (let time = 1; time <= 600; time += 1) cursor.hear(at(`${time}`))

    expect([cursor.hear(at('600')), cursor.hear(at('345')), cursor.hear(at('1'))]).toEqual([false, false, true])
  })

  it.each([
    ['1795740036924304725', '1795740036.924304725'],
    ['1000000001', '1.000000001'],
    ['5', '0.000000005'],
  ])('is said to the engine in seconds, with all digits', (atNs, seconds) => {
    expect(secondsOf(atNs)).toBe(seconds)
  })
})
