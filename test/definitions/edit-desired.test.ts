import fc from 'fast-check'
import { parse } from 'smol-toml'
import { describe, expect, it } from 'vitest'
import { editDesired } from '../../reconciler/definitions/edit-desired.ts'
import { type DesiredState, desiredStates } from '../../reconciler/model/desired.ts'

const file = 'desired/desired.toml'

function declare(text: string | null, states: Readonly<Record<string, DesiredState>>): string {
  const answer = editDesired(text, new Map(Object.entries(states)), file)
  if ('problem' in answer) throw new Error(answer.problem.message)
  return answer.text
}

describe('declaring a state', () => {
  it.each([
    [
      'in place of another',
      '[stacklets.photos]\nstate = "running" # why\n',
      '[stacklets.photos]\nstate = "stopped" # why\n',
    ],
    [
      'in the same quotes',
      "[stacklets.photos]\nstate   =   'running'\n",
      "[stacklets.photos]\nstate   =   'stopped'\n",
    ],
    ['below a header', '[stacklets.photos] # mine\n# env\n', '[stacklets.photos] # mine\nstate = "stopped"\n# env\n'],
    ['below the last line', '[stacklets.photos]', '[stacklets.photos]\nstate = "stopped"'],
    [
      'as far in as what stands there',
      '[stacklets.photos]\n  requires = []\n',
      '[stacklets.photos]\n  state = "stopped"\n  requires = []\n',
    ],
    ['in empty braces', '[stacklets]\nphotos = {}\n', '[stacklets]\nphotos = { state = "stopped" }\n'],
    [
      'in braces',
      'stacklets.photos = { requires = ["core"] }\n',
      'stacklets.photos = { state = "stopped", requires = ["core"] }\n',
    ],
    [
      'in braces in braces',
      'stacklets = { photos = { state = "running" } }\n',
      'stacklets = { photos = { state = "stopped" } }\n',
    ],
    [
      'in braces of others',
      'stacklets = { core = {} }\n',
      'stacklets = { photos = { state = "stopped" }, core = {} }\n',
    ],
    [
      'in dotted keys',
      '[stacklets]\n\tphotos.requires = []\n',
      '[stacklets]\n\tphotos.state = "stopped"\n\tphotos.requires = []\n',
    ],
    [
      'in dotted keys from the top',
      '"stacklets" . "photos".env.A = 1\n',
      '"stacklets" . "photos".state = "stopped"\n"stacklets" . "photos".env.A = 1\n',
    ],
    [
      'above the tables inside it',
      '# env of photos\n  [stacklets.photos.env]\n  A = 1\n',
      '# env of photos\n  [stacklets.photos]\n  state = "stopped"\n\n  [stacklets.photos.env]\n  A = 1\n',
    ],
    [
      'above its routes',
      '[[stacklets.photos.route]]\nhost = "a"\n',
      '[stacklets.photos]\nstate = "stopped"\n\n[[stacklets.photos.route]]\nhost = "a"\n',
    ],
    [
      'at the end',
      '[stacklets.core]\n\n# the end  ',
      '[stacklets.core]\n\n# the end  \n\n[stacklets.photos]\nstate = "stopped"\n',
    ],
    [
      'at the end, parted already',
      '[stacklets.core]\n\n',
      '[stacklets.core]\n\n[stacklets.photos]\nstate = "stopped"\n',
    ],
    [
      'beside dotted others',
      'stacklets.core.state = "running"\n',
      'stacklets.core.state = "running"\n\n[stacklets.photos]\nstate = "stopped"\n',
    ],
    [
      'with the ends of lines that are there',
      '[stacklets.core]\r\n',
      '[stacklets.core]\r\n\r\n[stacklets.photos]\r\nstate = "stopped"\r\n',
    ],
    ['behind a byte order mark', '\ufeff[stacklets.photos]\n', '\ufeff[stacklets.photos]\nstate = "stopped"\n'],
    ['in an app', '[apps.photos]\nimage = "x"\n', '[apps.photos]\nstate = "stopped"\nimage = "x"\n'],
  ])('%s', (_, text, edited) => {
    expect(declare(text, { photos: 'stopped' })).toBe(edited)
  })

  it('makes the file that is not there, each id in its own table', () => {
    const made = '[stacklets.core]\nstate = "running"\n\n[stacklets.photos]\nstate = "running"\n'

    expect(declare(null, { core: 'running', photos: 'running' })).toBe(made)
    expect(declare('', { core: 'running', photos: 'running' })).toBe(made)
  })

  it('leaves a text alone that says so already, by saying nothing too', () => {
    const text = '[stacklets.photos]   \n[stacklets.core]\nstate = "paused"'

    expect(declare(text, { photos: 'running', core: 'paused' })).toBe(text)
  })

  it('refuses a text that is no TOML, and says where', () => {
    expect(editDesired('[stacklets.photos]\nstate = running\n', new Map([['photos', 'stopped']]), file)).toMatchObject({
      problem: { code: 'syntax', at: { file, line: 2 } },
    })
  })

  it('refuses what it cannot say, and tells what to write', () => {
    const answer = editDesired('[[stacklets.photos]]\n', new Map([['photos', 'stopped']]), file)

    expect(answer).toMatchObject({ problem: { code: 'value', hint: expect.stringContaining('state = "stopped"') } })
  })
})

const ids = ['core', 'photos', 'with_deps', '7zip', 'a-b'] as const
const anyState = fc.constantFrom(...desiredStates)
const anyComment = fc.constantFrom(
  '# plain',
  '#',
  '#   [stacklets.photos]',
  '# state = "running"   ',
  '# it\'s "quoted"',
)
const anyGap = fc.array(fc.oneof(fc.constantFrom('', '   ', '\t'), anyComment), { maxLength: 3 })
const anyTail = fc.oneof(
  fc.constantFrom('', '  '),
  anyComment.map((comment) => `  ${comment}`),
)
const anyQuote = fc.constantFrom('"', "'")

const anyStateLine = fc
  .tuple(anyState, anyQuote, anyTail, fc.constantFrom('state = ', 'state=', '  state   = ', '"state" = '))
  .map(([state, quote, tail, key]) => `${key}${quote}${state}${quote}${tail}`)
const anyOtherLine = fc.constantFrom(
  'requires = []',
  'requires = [ # none\n  "core", # but core\n]  ',
  "env = { A = '[x]' }",
)

/** One stacklet in one of the manners in which a person may write it, under a header of its own. */
function anyTable(id: string) {
  const header = fc
    .tuple(fc.constantFrom('', '  '), anyTail)
    .map(([indent, tail]) => `${indent}[stacklets.${id}]${tail}`)
  const whole = fc
    .tuple(header, fc.option(anyStateLine), anyGap, fc.option(anyOtherLine))
    .map(([head, state, gap, other]) => [
      head,
      ...(state === null ? [] : [state]),
      ...gap,
      ...(other === null ? [] : [other]),
    ])
  const inner = anyTail.map((tail) => [`[stacklets.${id}.drift]${tail}`, 'ignore = ["state"]'])
  return fc.oneof(
    whole,
    inner,
    fc.tuple(whole, inner).map((parts) => parts.flat()),
  )
}

/** The same as values of the table around them, or of none. */
function anyValue(id: string, prefix: string) {
  const state = fc.tuple(anyStateLine, anyGap).map(([line, gap]) => [`${prefix}${id}.${line.trimStart()}`, ...gap])
  const other = anyTail.map((tail) => [`${prefix}${id}.requires = ["core"]${tail}`])
  const braces = fc
    .tuple(fc.constantFrom('{}', '{ }', '{ requires = [] }', "{state='paused'}"), anyTail)
    .map(([value, tail]) => [`${prefix}${id} = ${value}${tail}`])
  return fc.oneof(state, other, braces)
}

const anyDocument = fc
  .record({
    newline: fc.constantFrom('\n', '\r\n'),
    top: anyGap,
    rootValues: fc
      .subarray([...ids.slice(0, 2)])
      .chain((some) => fc.tuple(...some.map((id) => anyValue(id, 'stacklets.')))),
    reconcile: fc.option(anyTail.map((tail) => [`[reconcile]${tail}`, 'interval = "5m"   # often', ''])),
    tables: fc
      .subarray([...ids.slice(2)])
      .chain((some) => fc.tuple(...some.map((id) => fc.tuple(anyTable(id), anyGap)))),
    end: fc.constantFrom('', '\n', '\n\n', '\n   '),
  })
  .map(({ newline, top, rootValues, reconcile, tables, end }) => {
    const lines = [...top, ...rootValues.flat(), ...(reconcile ?? []), ...tables.flat(2)]
    return (lines.join('\n') + end).replaceAll('\n', newline)
  })

const anySectionDocument = fc
  .tuple(
    anyGap,
    fc.subarray([...ids]).chain((some) => fc.tuple(...some.map((id) => anyValue(id, '')))),
  )
  .map(([gap, values]) => [...gap, '[stacklets]', ...values.flat()].join('\n'))

const anyText = fc.oneof(anyDocument, anySectionDocument)

/** What stands between the parts that two texts begin and end with alike. */
function difference(before: string, after: string): { readonly removed: string; readonly added: string } {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start += 1
  let end = 0
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1
  return { removed: before.slice(start, before.length - end), added: after.slice(start, after.length - end) }
}

// biome-ignore lint/suspicious/noExplicitAny: a parsed document, edited the slow way
function parsed(text: string): any {
  return JSON.parse(JSON.stringify(parse(text)))
}

describe('whatever the file looks like', () => {
  it('changes nothing but the state, and every comment and blank line stays', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...ids), anyState, (text, id, state) => {
        const edited = declare(text, { [id]: state })

        const { removed } = difference(text, edited)
        expect(removed).not.toMatch(/[\n#]/)
        const wanted = parsed(text)
        const table = wanted.stacklets?.[id]
        if (table === undefined || (table.state ?? 'running') !== state) {
          wanted.stacklets = { ...wanted.stacklets, [id]: { ...table, state } }
        }
        expect(parsed(edited)).toEqual(wanted)
      }),
      { numRuns: 500 },
    )
  })

  it('does nothing the second time', () => {
    fc.assert(
      fc.property(anyText, fc.dictionary(fc.constantFrom(...ids), anyState), (text, states) => {
        const once = declare(text, states)

        expect(declare(once, states)).toBe(once)
      }),
      { numRuns: 300 },
    )
  })

  it('comes back to the byte when a state is changed and changed back', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...ids), anyState, anyState, (text, id, state, other) => {
        const there = declare(text, { [id]: state })
        fc.pre(parsed(there).stacklets[id].state !== undefined)

        expect(declare(declare(there, { [id]: other }), { [id]: state })).toBe(there)
      }),
    )
  })
})
