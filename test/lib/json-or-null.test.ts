import { expect, it } from 'vitest'
import { jsonOrNull } from '../../reconciler/lib/json-or-null.ts'

it.each([
  ['{"a":[1]}', { a: [1] }],
  ['null', null],
  ['', null],
  ['{"a":', null],
  ['{}{}', null],
])('%s', (text, value) => {
  expect(jsonOrNull(text)).toEqual(value)
})
