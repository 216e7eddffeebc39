import { describe, expect, it } from 'vitest'
import { isStepUp, type Stride, tagShape } from '../../reconciler/lib/tag-shape.ts'

function mayBecome(from: string, to: string, stride: Stride): boolean {
  const [one, other] = [tagShape(from), tagShape(to)]
  return one !== null && other !== null && isStepUp(one, other, stride)
}

describe('a tag', () => {
  it.each([
    ['1.2.3', '1.2.4', 'patch'],
    ['1.2.3', '1.2.10', 'patch'],
    ['v1.2.3', 'v1.2.4', 'patch'],
    ['1.2.3-alpine', '1.2.4-alpine', 'patch'],
    ['1.2.3', '1.3.0', 'minor'],
    ['1.2', '1.3', 'minor'],
    ['16-alpine', '17-alpine', 'major'],
    ['1.2.3', '2.0.0', 'major'],
    ['release-1.2.3', 'release-1.2.4', 'patch'],
    ['2024.1.0', '2024.2.0', 'minor'],
    ['1.2.3.4', '1.2.3.5', 'patch'],
    ['pg16-v0.3.0', 'pg16-v0.3.1', 'patch'],
  ] as const)('%s may become %s on the channel %s', (from, to, stride) => {
    expect(mayBecome(from, to, stride)).toBe(true)
  })

  it.each([
    ['1.2.3', '1.3.0', 'patch'],
    ['1.2.3', '2.0.0', 'minor'],
    ['1.2.3', '1.2.3', 'major'],
    ['1.2.3', '1.2.2', 'major'],
    ['16-alpine', '17', 'major'],
    ['16-alpine', '16-bookworm', 'major'],
    ['16-alpine', '17-bookworm', 'major'],
    ['16-alpine', '16.1-alpine', 'major'],
    ['16-alpine', '17-alpine', 'minor'],
    ['16-alpine', '17-alpine3.20', 'major'],
    ['1.2', '1.3', 'patch'],
    ['1.2.3', 'v1.2.4', 'patch'],
    ['v1.2.3', '1.2.4', 'patch'],
    ['1.2.3', '1.2.4-rc1', 'patch'],
    ['1.2.3-rc1', '1.2.3-rc2', 'patch'],
    ['1.2.3', '1.2.4.1', 'patch'],
    ['1.2.3', '20240101120000', 'major'],
    ['latest', '1.2.3', 'major'],
    ['1.2.3', 'latest', 'major'],
    ['pg16-v0.3.0', 'pg17-v0.3.1', 'major'],
  ] as const)('%s never becomes %s on the channel %s', (from, to, stride) => {
    expect(mayBecome(from, to, stride)).toBe(false)
  })

  it.each(['latest', 'alpine', 'stable', 'sha-1f3c9a0', 'v', 'main', '20240101120000'])(
    '%s names no version',
    (tag) => {
      expect(tagShape(tag)).toBe(null)
    },
  )
})
