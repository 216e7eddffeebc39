import { describe, expect, it } from 'vitest'
import { newerTags } from '../../../reconciler/plan/updates/newer-tags.ts'
import { policy } from './given.ts'

const tags = ['1.2.3', '1.2.4', '1.2.10', '1.3.0', '2.0.0', '1.2.4-rc1', '1.2', '1', 'latest', 'v1.2.9', '1.2.5-alpine']

describe('newer tags', () => {
  it.each([
    ['patch', ['1.2.10', '1.2.4']],
    ['minor', ['1.3.0', '1.2.10', '1.2.4']],
    ['major', ['2.0.0', '1.3.0', '1.2.10', '1.2.4']],
    ['digest', []],
    ['none', []],
    [null, []],
  ] as const)('of 1.2.3 on the channel %s are %j', (channel, expected) => {
    expect(newerTags('1.2.3', tags, policy({ channel }))).toEqual(expected)
  })

  it('match what is to be included, and nothing of what is excluded', () => {
    const all = ['16-alpine', '17-alpine', '18-alpine', '18rc1-alpine']

    expect(newerTags('16-alpine', all, policy({ channel: 'major', include: '^\\d+-alpine$' }))).toEqual([
      '18-alpine',
      '17-alpine',
    ])
    expect(newerTags('16-alpine', all, policy({ channel: 'major', exclude: '^18' }))).toEqual(['17-alpine'])
  })

  it.each(['latest', 'release', 'alpine'])('of %s are none: it moves by itself', (tag) => {
    expect(newerTags(tag, tags, policy({ channel: 'major' }))).toEqual([])
  })
})
