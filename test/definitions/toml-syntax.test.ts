import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseUsers } from '../../reconciler/definitions/parse-users.ts'
import type { Problem } from '../../reconciler/model/problem.ts'
import { document, manifest, settings } from './given.ts'
import { said, theOnly } from './said.ts'

const files: Readonly<Record<string, (text: string) => { readonly problems: readonly Problem[] }>> = {
  'stack.toml': settings,
  'users.toml': (text) => parseUsers(text, 'users.toml'),
  'desired/desired.toml': document,
  'stacklets/photos/stacklet.toml': (text) => manifest(text),
}

describe.each(Object.keys(files))('a broken %s', (file) => {
  const read = (text: string) => files[file]?.(text).problems ?? []

  it.each([
    ['[a\n', 1, 3],
    ['a = \n', 1, 5],
    ['\n\na = tru\n', 3, 5],
    ['a = "x\nb = 1\n', 1, 7],
    ['a = 1\na = 2\n', 2, 1],
    ['[a]\n[a]\n', 2, 2],
    ['a = 1 b = 2', 1, 7],
    ['a b = 1', 1, 3],
    ['é = 1', 1, 1],
    ['# 😀\r\nx = "😀" y', 2, 10],
    ['\ufeffx = [', 1, 5],
    ['a = 09', 1, 5],
    ['a = "\\q"', 1, 7],
    ['a = 99999999999999999999', 1, 5],
  ])('is one error with line and column: %j', (text, line, column) => {
    const problem = theOnly(read(text))

    expect(problem).toMatchObject({ level: 'error', code: 'syntax', at: { file, line, column } })
    expect(problem.message).toMatch(/^not valid TOML: /)
    expect(problem.hint).not.toBe('')
  })

  it.each([
    ['[stacklets.photos\n', 'close the bracket: [stacklets.photos]'],
    ['[[users\n', 'close the bracket: [[users]]'],
    ['a = 1\na = 2\n', 'a stands there twice: keep one of the two'],
  ])('says what to write instead of %j', (text, hint) => {
    expect(theOnly(read(text)).hint).toBe(hint)
  })

  it('never throws, whatever is in it', () => {
    const bits = fc.constantFrom(
      '[',
      ']',
      '[[',
      ']]',
      '=',
      '"',
      "'",
      '\n',
      '.',
      ',',
      '{',
      '}',
      '#',
      '1',
      'true',
      '\\',
      ' ',
      'id',
      'env',
      'stacklets',
      'users',
      'core',
      'port',
      'photos',
      '__proto__',
      'é😀',
      '\u0000',
      '\r',
    )

    fc.assert(
      fc.property(fc.array(bits, { maxLength: 30 }), (parts) => {
        expect(Array.isArray(read(parts.join('')))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

it.each([
  ['a = tru', 'write text in quotes, true or false in lower case, and something after every ='],
  ['[a]\n[a]', 'keep one of the two, or merge them'],
  ['a = "x\n', 'close the quotes on the same line, or use """ for several lines'],
  ['é = 1', 'write name = value, and put names with other characters in quotes'],
  ['a = "C:\\path"', "write \\\\ for a backslash, or use single quotes: 'C:\\path'"],
  ['a = 007', 'take the leading zero away, or put the number in quotes'],
  ['a = 1 2', 'start a new line, or put the text in quotes'],
])('tells what to do about %j', (text, hint) => {
  expect(theOnly(settings(text).problems).hint).toBe(hint)
})

it('keeps what TOML 1.1 allows', () => {
  expect(said(settings('core = {\n  name = "x",\n}\n').problems)).toEqual([])
})
