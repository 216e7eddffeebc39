import { describe, expect, it } from 'vitest'
import { readSnippet } from '../../reconciler/definitions/snippet.ts'

const read = (text: string, imports: Readonly<Record<string, string>> = {}) =>
  readSnippet({ file: 'stacklets/docs/caddy.snippet', text, imports }, 'home.internal')
const faults = (text: string, imports = {}) =>
  read(text, imports).faults.map(({ at, message }) => `${at.line}: ${message}`)

describe('a snippet', () => {
  it.each([
    ['docs.{$STACK_DOMAIN} {\n}\n', 'docs.home.internal {\n}\n'],
    ['docs.{$FAMSTACK_DOMAIN} {\n}', 'docs.home.internal {\n}\n'],
    ['docs.{$STACK_DOMAIN:localhost} {\r\n}\r\n', 'docs.home.internal {\n}\n'],
    ['# import /etc/passwd\nx {\n}\n', '# import /etc/passwd\nx {\n}\n'],
    ['(own) {\n\theader A b\n}\nx {\n\timport own\n}\n', '(own) {\n\theader A b\n}\nx {\n\timport own\n}\n'],
    ['x {\n\trespond "important imports"\n}\n', 'x {\n\trespond "important imports"\n}\n'],
  ])('%j is given to Caddy as %j', (text, given) => {
    expect(read(text)).toMatchObject({ faults: [], snippet: { text: given } })
  })

  it('has what it imports in its place, each line with where it was written', () => {
    const { snippet, faults: none } = read('x {\n\timport parts/a.caddy\n}\n', {
      'parts/a.caddy': 'encode gzip\nlog\n',
    })

    expect(none).toEqual([])
    expect(snippet.text).toBe('x {\nencode gzip\nlog\n}\n')
    expect(snippet.lines.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'stacklets/docs/caddy.snippet:1',
      'stacklets/docs/parts/a.caddy:1',
      'stacklets/docs/parts/a.caddy:2',
      'stacklets/docs/caddy.snippet:3',
    ])
  })

  it.each([
    ['x {\n\timport /etc/passwd\n}', '2: import /etc/passwd leads out of stacklets/docs'],
    ['x {\n\timport ../photos/x\n}', '2: import ../photos/x leads out of stacklets/docs'],
    ['x {\n\timport a/../../../x\n}', '2: import a/../../../x leads out of stacklets/docs'],
    ['x {\n\timport "/etc/passwd"\n}', '2: import /etc/passwd leads out of stacklets/docs'],
    ['x {\n\t"import" /etc/passwd\n}', '2: import is written with one file and nothing else'],
    ['x {\n\timport \\\n/etc/passwd\n}', '2: import names stacklets/docs/\\, which is not in git'],
    ['x { import /etc/passwd }', '1: import is written with one file and nothing else'],
    ['x {\n\timport\u0085/etc/passwd\n}', '2: import is written with one file and nothing else'],
    ['x {\n\timport a b\n}', '2: import is written with one file and nothing else'],
    ['x {\n\timport *\n}', '2: import names stacklets/docs/*, which is not in git'],
    ['x {\n\timport gone.caddy\n}', '2: import names stacklets/docs/gone.caddy, which is not in git'],
    ['x {\n\trespond {$HOME}\n}', '2: {$HOME} is not known here: a snippet has {$STACK_DOMAIN} alone'],
    ['x {\n\t{$A:import} /etc/passwd\n}', '2: {$A:import} is not known here: a snippet has {$STACK_DOMAIN} alone'],
    [
      '# mine\n\n{\n\tadmin off\n}\n',
      '3: a snippet cannot hold global options, such as admin: they are for all sites at once',
    ],
  ])('%j is refused', (text, fault) => {
    expect(faults(text)).toContain(fault)
  })

  it('that imports itself, or files that import one another, is refused', () => {
    const imports = { 'a.caddy': 'import b.caddy', 'b.caddy': 'import a.caddy' }

    expect(faults('import a.caddy', imports)).toEqual(['1: stacklets/docs/a.caddy imports itself'])
  })
})
