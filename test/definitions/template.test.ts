import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderTemplate } from '../../reconciler/definitions/template.ts'
import { said, theOnly } from './said.ts'

const variables = new Map(
  Object.entries({
    name: 'Ada',
    data_dir: '/srv/data',
    timezone: 'Europe/Berlin',
    docs__API_TOKEN: 't0ken',
    'my-app_url': 'http://x:1',
    '2fauth_url': 'http://y:2',
    größe: 'groß',
    empty: '',
    emoji: '😀',
    braces: '{name}',
  }).map(([name, text]) => [name, { text }]),
)

function render(text: string) {
  return renderTemplate({ text, at: { file: 'x.toml', line: 1, column: 1 } }, variables)
}

describe('a template', () => {
  it.each([
    ['', ''],
    ['plain', 'plain'],
    ['{name}', 'Ada'],
    ['{name}{name}', 'AdaAda'],
    ['{data_dir}/photos', '/srv/data/photos'],
    ['{docs__API_TOKEN}', 't0ken'],
    ['{my-app_url}', 'http://x:1'],
    ['{2fauth_url}', 'http://y:2'],
    ['{größe}', 'groß'],
    ['{{name}}', '{name}'],
    ['{{{name}}}', '{Ada}'],
    ['{{}}', '{}'],
    ['{{{{', '{{'],
    ['{{"a": {{"b": "{name}"}}}}', '{"a": {"b": "Ada"}}'],
    ['{braces}', '{name}'],
    ['[{empty}]', '[]'],
    [`\${{TZ}}`, `\${TZ}`],
    [`a\${timezone}c`, 'a$Europe/Berlinc'],
    ['{name:}', 'Ada'],
    ['{name:s}', 'Ada'],
    ['{name:5}|', 'Ada  |'],
    ['{name:<5}|', 'Ada  |'],
    ['{name:>5}|', '  Ada|'],
    ['{name:^5}|', ' Ada |'],
    ['{name:^6}|', ' Ada  |'],
    ['{name:*>5}', '**Ada'],
    ['{name:x^5s}', 'xAdax'],
    ['{name:>2}', 'Ada'],
    ['{name:😀>4}', '😀Ada'],
    ['{emoji:>3}', '  😀'],
    ['line\n{name}\n', 'line\nAda\n'],
    ['100% \\ "quoted" \'too\'', '100% \\ "quoted" \'too\''],
  ])('renders %j as %j', (text, expected) => {
    const rendered = render(text)

    expect(rendered.text).toBe(expected)
    expect(rendered.problems).toEqual([])
  })

  it.each([
    ['{', 1, 'a { that is never closed'],
    ['}', 1, 'a } without a {'],
    ['ab}', 3, 'a } without a {'],
    ['ab{name', 3, 'a { that is never closed'],
    ['{name}}', 7, 'a } without a {'],
    ['{{name}', 7, 'a } without a {'],
    ['{}', 1, '{} names no variable'],
    ['x{}', 2, '{} names no variable'],
    ['{:>5}', 1, '{:>5} names no variable'],
    ['{0}', 1, '{0} is a number, not a variable'],
    ['{12}', 1, '{12} is a number, not a variable'],
    ['{name!r}', 1, '{name!r} asks for a conversion'],
    ['{name!s:>5}', 1, '{name!s:>5} asks for a conversion'],
    ['{name.upper}', 1, '{name.upper} reaches into a variable'],
    ['{name[0]}', 1, '{name[0]} reaches into a variable'],
    ['{ name }', 1, '{ name } is not a variable'],
    ['{a b}', 1, '{a b} is not a variable'],
    ['{"a": 1}', 1, '{"a": 1} is not a variable'],
    ['{$1}', 1, '{$1} is not a variable'],
    ['{name:d}', 1, '{name:d} asks for a layout that texts do not have'],
    ['{name:.2f}', 1, '{name:.2f} asks for a layout that texts do not have'],
    ['{name:=5}', 1, '{name:=5} asks for a layout that texts do not have'],
    ['{name:05}', 1, '{name:05} asks for a layout that texts do not have'],
    ['{name:,}', 1, '{name:,} asks for a layout that texts do not have'],
    ['{name:99999}', 1, '{name:99999} asks for a layout that texts do not have'],
    ['{name:{width}}', 1, '{name:{width}} asks for a layout that texts do not have'],
  ])('refuses %j at column %i: %s', (text, column, message) => {
    const problem = theOnly(render(text).problems)

    expect(problem).toMatchObject({ level: 'error', code: 'template', message, at: { line: 1, column } })
  })

  it.each([
    ['{"a": 1}', 'write {{ and }} for braces that are meant'],
    ['{ name }', 'write {name}'],
    ['{name!r}', 'write {name}'],
    ['{name.upper}', 'variables are plain texts: write {name}'],
    ['{name:d}', 'write {name} or {name:>10}'],
  ])('tells how to write %j', (text, hint) => {
    expect(theOnly(render(text).problems).hint).toBe(hint)
  })

  it('complains about every fault at once and renders the rest', () => {
    const rendered = render('{} {name} {0} }')

    expect(said(rendered.problems)).toEqual([
      'error template x.toml:1:1',
      'error template x.toml:1:11',
      'error template x.toml:1:15',
    ])
    expect(rendered.text).toBe(' Ada  ')
  })

  it.each([
    ['{timezon}', 'did you mean "timezone"?'],
    ['{datadir}', 'did you mean "data_dir"?'],
    ['{nothing_like_it}', 'correct the name; until something provides it, it stays empty'],
    [`\${TZ}`, `write \${{TZ}} to keep \${TZ} as it is`],
    [`\${timezon}`, `write \${{timezon}} to keep \${timezon} as it is`],
  ])('renders the unknown %j as nothing, with a warning', (text, hint) => {
    const rendered = render(text)

    expect(rendered.text.replace('$', '')).toBe('')
    expect(theOnly(rendered.problems)).toMatchObject({ level: 'warning', code: 'unknown-variable', hint })
  })

  it('lays out an unknown variable like an empty one', () => {
    expect(render('[{nope:>3}]').text).toBe('[   ]')
  })

  it('does not take inherited names for variables', () => {
    expect(render('{constructor}{toString}').text).toBe('')
  })

  it('names every variable it uses once, known or not', () => {
    expect(render('{name} {nope} {name:>9} {{data_dir}}').used).toEqual(['name', 'nope'])
  })

  it('places a fault by line and column', () => {
    expect(said(render('one\ntwo {}\n  {0}').problems)).toEqual([
      'error template x.toml:2:5',
      'error template x.toml:3:3',
    ])
  })

  it('gives every text back whose braces were doubled', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const rendered = render(text.replaceAll('{', '{{').replaceAll('}', '}}'))

        expect(rendered.text).toBe(text)
        expect(rendered.problems).toEqual([])
      }),
    ))

  it('answers for any text whatever, in the lines that it has', () =>
    fc.assert(
      fc.property(fc.array(fc.constantFrom('{', '}', '{name', ':', '!', '>', '\n', 'a', '.', '😀')), (parts) => {
        const text = parts.join('')
        const lines = text.split('\n')

        for (const { at } of render(text).problems) {
          expect(at?.line).toBeLessThanOrEqual(lines.length)
          expect(at?.column).toBeLessThanOrEqual((lines[(at?.line ?? 1) - 1]?.length ?? 0) + 1)
        }
      }),
    ))
})
