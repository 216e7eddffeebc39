import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { envText } from '../../reconciler/lib/env-text.ts'

/** What Compose makes of a file of double-quoted values: an escaped character stands for itself, or for a control character. */
function readBack(text: string): Record<string, string> {
  const values: Record<string, string> = {}
  const line = /(?:#[^\n]*|([^=\n]+)="((?:\\[\s\S]|[^"\\$])*)")\n/y
  while (line.lastIndex < text.length) {
    const [, name, quoted = ''] = line.exec(text) ?? fail(text)
    if (name !== undefined) values[name] = unescaped(quoted)
  }
  return values
}

function unescaped(quoted: string): string {
  const controls: Record<string, string> = { n: '\n', r: '\r', t: '\t' }
  return quoted.replace(/\\([\s\S])/g, (_, character: string) => controls[character] ?? character)
}

function fail(text: string): never {
  throw new Error(`not an .env file: ${text}`)
}

describe('envText', () => {
  it('is sorted by name, under one line that says whose it is', () => {
    const text = envText([
      { name: 'B', text: '1' },
      { name: 'A_B', text: '2' },
      { name: 'AB', text: '' },
    ])

    expect(text).toBe(
      '# Written by stack from stacklet.toml and desired.toml; edits are overwritten.\nAB=""\nA_B="2"\nB="1"\n',
    )
  })

  it.each([
    ['abc\\def"q$x', 'abc\\\\def\\"q\\$x'],
    ['two\nlines', 'two\\nlines'],
    ['\\n', '\\\\n'],
    ['a#b', 'a#b'],
    [" 'x' ", " 'x' "],
    ['$HOME', '\\$HOME'],
  ])('writes %j as "%s"', (text, written) => {
    expect(envText([{ name: 'X', text }])).toContain(`\nX="${written}"\n`)
  })

  it('comes back exactly, whatever the values are', { timeout: 60_000 }, () => {
    const anyName = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/)
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('\\', '"', '$', '\n', '\r', '\t', "'", '#', '{', 'n', ' ') }),
    )
    fc.assert(
      fc.property(fc.dictionary(anyName, anyText), (values) => {
        const text = envText(Object.entries(values).map(([name, value]) => ({ name, text: value })))

        expect(readBack(text)).toEqual({ ...values })
      }),
    )
  })
})
