import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closest, editDistance } from '../../reconciler/lib/closest.ts'
import { findCycles } from '../../reconciler/lib/cycles.ts'
import { parseDuration } from '../../reconciler/lib/duration.ts'

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['photos', 'photos', 0],
    ['photos', 'photo', 1],
    ['photo', 'photos', 1],
    ['photos', 'phltos', 1],
    ['photos', 'pohtos', 1],
    ['state', 'satte', 1],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('from %j to %j is %i', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance)
  })

  it('is the same both ways, and nothing only between equals', () =>
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (one, other) => {
        expect(editDistance(one, other)).toBe(editDistance(other, one))
        expect(editDistance(one, other) === 0).toBe(one === other)
      }),
    ))
})

describe('closest', () => {
  it.each([
    ['runing', ['running', 'stopped', 'paused'], 'running'],
    ['requries', ['state', 'requires', 'env'], 'requires'],
    ['Photos', ['photos', 'core'], 'photos'],
    ['phots', ['photo', 'photos'], 'photo'],
    ['tz', ['ip', 'url'], null],
    ['completely', ['different'], null],
    ['x', ['y'], null],
    ['', ['a'], null],
    ['a', [], null],
  ])('to %j among %j is %j', (word, words, expected) => {
    expect(closest(word, words)).toBe(expected)
  })
})

describe('parseDuration', () => {
  it.each([
    ['0s', 0],
    ['500ms', 500],
    ['60s', 60_000],
    ['5m', 300_000],
    ['24h', 86_400_000],
    ['3d', 259_200_000],
    ['1w', 604_800_000],
    ['1h30m', 5_400_000],
    ['1h 30m', 5_400_000],
    ['1.5h', 5_400_000],
    [' 5m ', 300_000],
    ['', null],
    ['5', null],
    ['m', null],
    ['5q', null],
    ['-5m', null],
    ['5M', null],
    ['5 m', null],
    ['1e3s', null],
    ['99999999999999999w', null],
  ])('reads %j as %j', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })
})

describe('findCycles', () => {
  it.each([
    [{}, []],
    [{ a: ['b'], b: ['c'], c: [] }, []],
    [{ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, []],
    [{ a: ['a'] }, ['a a']],
    [{ b: ['a'], a: ['b'] }, ['a b a']],
    [{ c: ['a'], a: ['b'], b: ['c'] }, ['a b c a']],
    [{ z: ['y'], y: ['z'], a: ['z'] }, ['y z y']],
    [{ a: ['b'], b: ['a'], c: ['d'], d: ['c'] }, ['a b a', 'c d c']],
    [{ a: ['gone'] }, []],
  ])('finds in %j exactly %j', (next, cycles) => {
    const found = findCycles(new Map(Object.entries<string[]>(next)))

    expect(found.map((cycle) => cycle.join(' '))).toEqual(cycles)
  })
})
