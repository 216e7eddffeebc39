import { expect, it } from 'vitest'
import { readApprovals } from '../../reconciler/definitions/read-approvals.ts'

it.each([
  ['', []],
  ['remove photos', []],
  ['remove photos\n\nStack-Approve: abc123def\n', ['abc123def']],
  ['remove photos\n\nStack-Approve: ABC123DEF', ['abc123def']],
  ['remove photos\r\n\r\nStack-Approve: abc123def\r\n', ['abc123def']],
  ['two\n\nStack-Approve: aaaaaa\nStack-Approve: bbbbbb\nSigned-off-by: Ada <a@b>', ['aaaaaa', 'bbbbbb']],
  ['two in one\n\nStack-Approve: aaaaaa, bbbbbb', ['aaaaaa', 'bbbbbb']],
  ['not in the last paragraph\n\nStack-Approve: aaaaaa\n\nbut before it', []],
  ['not a digest\n\nStack-Approve: everything', []],
  ['not a trailer\n\nsee Stack-Approve: aaaaaa', []],
  ['an empty one\n\nStack-Approve:', []],
])('reads from %j the approvals %j', (message, digests) => {
  expect(readApprovals(message)).toEqual(digests)
})
