import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { liveLines } from '../../cli/live-lines.ts'
import { virtualScreen } from '../support/screen.ts'

/** Live lines on a screen, with a hand to turn the clock. */
function onScreen(columns = 40, rows = 10) {
  const screen = virtualScreen(columns)
  const written: string[] = []
  let size = { columns, rows }
  let tick: (() => void) | null = null
  const live = liveLines({
    write(text) {
      written.push(text)
      screen.write(text)
    },
    size: () => size,
    often(again) {
      tick = again
      return () => {
        tick = null
      }
    },
  })
  return {
    ...{ live, screen, written },
    tick: () => tick?.(),
    isTicking: () => tick !== null,
    resize(next: number): void {
      size = { ...size, columns: next }
      screen.resize(next)
    },
    seen: () => screen.lines().join('\n').trimEnd().split('\n'),
  }
}

describe('live lines', () => {
  it('stand below everything that is told, and are drawn again in place', () => {
    const { live, tick, seen } = onScreen()
    let count = 0
    live.show(() => [`working ${count}`, 'and more'])

    live.tell('first')
    count = 1
    tick()
    live.tell('second')

    expect(seen()).toEqual(['first', 'second', 'working 1', 'and more'])
  })

  it('leave nothing behind', () => {
    const { live, seen, isTicking } = onScreen()
    live.tell('first')
    live.show(() => ['working', 'working'])
    live.show(null)

    expect(seen()).toEqual(['first'])
    expect(isTicking()).toBe(false)
  })

  it('write nothing while nothing moves', () => {
    const { live, tick, written } = onScreen()
    live.show(() => ['still'])
    const before = written.length
    tick()
    tick()

    expect(written).toHaveLength(before)
  })

  it('give way to whole lines of somebody else', () => {
    const { live, screen, seen } = onScreen()
    live.show(() => ['working'])
    live.lift(() => screen.write('their own line\n'))

    expect(seen()).toEqual(['their own line', 'working'])
  })

  it.each([
    ['Your name: ', ['Your name:', 'told']],
    ['whole\n', ['whole', 'told']],
    ['x'.repeat(40), ['x'.repeat(40), 'told']],
  ])('go to an empty line behind %j', (theirs, expected) => {
    const { live, screen } = onScreen()
    screen.write(theirs)
    live.freshLine()
    live.tell('told')

    expect(screen.rows().filter((row) => row !== '')).toEqual(expected)
  })

  it('are gone without a rest when the terminal becomes narrower', () => {
    const { live, resize, tick, seen } = onScreen(40)
    live.tell('told')
    live.show(({ columns }) => ['0123456789012345678901234567890123456789'.slice(0, columns)])
    resize(15)
    tick()
    expect(seen()).toEqual(['told', '01234567890123'])
    live.show(null)

    expect(seen()).toEqual(['told'])
  })

  it('never come back once they are closed', () => {
    const { live, seen, isTicking } = onScreen()
    live.show(() => ['working'])
    live.close()
    live.show(() => ['working'])
    live.tell('told')

    expect(seen()).toEqual(['told'])
    expect(isTicking()).toBe(false)
  })

  it('tear nothing that is told, whatever happens in which order', () => {
    const line = fc.string({ unit: 'grapheme-ascii', maxLength: 60 }).filter((text) => text === text.trimEnd())
    const act = fc.oneof(
      fc.record({ tell: line }),
      fc.record({ show: fc.array(line, { maxLength: 4 }) }),
      fc.record({ columns: fc.integer({ min: 12, max: 70 }) }),
    )
    const acts = fc.array(act, { maxLength: 30 })
    fc.assert(
      fc.property(acts, (all) => {
        const { live, resize, tick, seen } = onScreen(40)
        const told = all.flatMap((one) => ('tell' in one ? [one.tell] : []))
        for (const one of all) {
          if ('tell' in one) live.tell(one.tell)
          else if ('show' in one) live.show(({ columns }) => one.show.map((text) => text.slice(0, columns)))
          else resize(one.columns)
          tick()
        }
        live.show(null)

        expect(seen()).toEqual(told.join('\n').trimEnd().split('\n'))
      }),
    )
  })
})
