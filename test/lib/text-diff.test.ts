import { expect, it } from 'vitest'
import { textDiff } from '../../reconciler/lib/text-diff.ts'

it('shows what differs with two lines around it', () => {
  const before = 'one\ntwo\nthree\nfour\nfive\nsix\n'

  expect(textDiff(before, before.replace('four', 'FOUR')).join('\n')).toMatchInlineSnapshot(`
    "@@ -2,5 +2,5 @@
     two
     three
    -four
    +FOUR
     five
     six"
  `)
})

it.each([
  ['a text that is new', '', 'one\n', ['@@ -0,0 +1,1 @@', '+one']],
  ['a text that is gone', 'one\n', '', ['@@ -1,1 +0,0 @@', '-one']],
  ['nothing', 'one\n', 'one\n', []],
])('of %s', (_, before, after, lines) => {
  expect(textDiff(before, after)).toEqual(lines)
})
