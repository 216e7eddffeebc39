import { expect, it } from 'vitest'
import { insidePath, isWithin, relativePath } from '../../reconciler/lib/inside-path.ts'

it.each([
  ['stacklets/a', './conf', 'stacklets/a/conf'],
  ['stacklets/a', '../b/x', 'stacklets/b/x'],
  ['stacklets/a', '../../lib//kit/', 'lib/kit'],
  ['stacklets/a', '.', 'stacklets/a'],
  ['stacklets/a', '../..', ''],
  ['stacklets/a', '../../..', null],
  ['', 'x', 'x'],
])('in %j, %j means %j', (base, relative, path) => {
  expect(insidePath(base, relative)).toBe(path)
})

it.each([
  ['stacklets/a', 'stacklets/a/conf/x', 'conf/x'],
  ['stacklets/a', 'stacklets/b/x', '../b/x'],
  ['stacklets/a', 'lib/kit', '../../lib/kit'],
  ['stacklets/a', 'stacklets/a', ''],
  ['', 'lib', 'lib'],
])('in %j, %j is said as %j, and back', (base, path, relative) => {
  expect(relativePath(base, path)).toBe(relative)
  expect(insidePath(base, relative)).toBe(path)
})

it.each([
  ['a/b', 'a', true],
  ['a', 'a', true],
  ['ab', 'a', false],
  ['a', 'a/b', false],
  ['a', '', true],
])('%j lies in %j: %s', (path, place, within) => {
  expect(isWithin(path, place)).toBe(within)
})
