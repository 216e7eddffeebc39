import { expect, it } from 'vitest'
import type { StackletId } from '../../../reconciler/model/names.ts'
import { type Moved, putBackMessage, updateMessage } from '../../../reconciler/plan/updates/update-message.ts'

const sha = (digit: string): string => `sha256:${digit.repeat(64)}`

function moved(parts: Partial<Moved> = {}): Moved {
  const from = { tag: '16-alpine', digest: sha('1'), version: '16.3' }
  const to = { tag: '16-alpine', digest: sha('2'), version: '16.4' }
  return { stacklet: 'photos' as StackletId, service: 'db', from, to, ...parts }
}

it('names the versions of the labels where the tag does not tell them', () => {
  expect(updateMessage([moved()])).toBe(`update photos db 16.3 -> 16.4

photos db: 16-alpine, version 16.3, sha256:111111111111 -> 16-alpine, version 16.4, sha256:222222222222`)
})

it('counts when there are several', () => {
  const to = { tag: '1.2.4', digest: sha('3'), version: '1.2.4' }
  const other = moved({ service: 'web', from: { tag: '1.2.3', digest: null, version: null }, to })

  expect(updateMessage([moved(), other])).toBe(`update 2 images

photos db: 16-alpine, version 16.3, sha256:111111111111 -> 16-alpine, version 16.4, sha256:222222222222
photos web: 1.2.3 -> 1.2.4, sha256:333333333333`)
})

it('says why a line was put back', () => {
  expect(putBackMessage([moved()], 'photos is not healthy')).toBe(`put back photos db

photos db: 16-alpine, version 16.4, sha256:222222222222 -> 16-alpine, version 16.3, sha256:111111111111

Because photos is not healthy`)
})
