import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inOrderOf, reachableFrom } from '../../reconciler/lib/topology.ts'

type Graph = ReadonlyMap<number, readonly number[]>

/** Up to eight keys in any order, each waiting for any others, known or not, itself included. */
const anyGraph: fc.Arbitrary<Graph> = fc
  .uniqueArray(fc.nat(9), { maxLength: 8 })
  .chain((keys) => fc.tuple(...keys.map((key) => fc.tuple(fc.constant(key), fc.array(fc.nat(9), { maxLength: 4 })))))
  .map((entries) => new Map(entries))

/** Only what is greater waits for what is smaller, so that nothing goes in a circle. */
const anyTree = anyGraph.map(
  (graph) => new Map([...graph].map(([key, waits]) => [key, waits.filter((other) => other < key)])),
)

const waitsIn = (graph: Graph) => (key: number) => graph.get(key) ?? []

describe('inOrderOf', () => {
  it.each([
    ['nothing', {}, [], []],
    ['what waits for nothing, as given', {}, ['c', 'a', 'b'], ['c', 'a', 'b']],
    ['what is waited for, first', { a: ['b'], b: ['c'] }, ['a', 'b', 'c'], ['c', 'b', 'a']],
    ['the next that is free, as given', { a: ['c'] }, ['a', 'b', 'c', 'd'], ['b', 'c', 'a', 'd']],
    ['what waits for something unknown, unhindered', { a: ['z'] }, ['a', 'b'], ['a', 'b']],
    ['what waits for itself, unhindered', { a: ['a'] }, ['a', 'b'], ['a', 'b']],
    [
      'a circle and what hangs on it, last, as given',
      { a: ['b'], b: ['a'], c: ['a'] },
      ['a', 'c', 'b', 'd'],
      ['d', 'a', 'c', 'b'],
    ],
  ] as const)('puts %s', (_, waits: Readonly<Record<string, readonly string[]>>, keys, ordered) => {
    expect(inOrderOf<string>(keys, (key) => waits[key] ?? [])).toEqual(ordered)
  })

  it('keeps every key, once', () =>
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const keys = [...graph.keys()]

        expect([...inOrderOf(keys, waitsIn(graph))].sort()).toEqual(keys.sort())
      }),
    ))

  it('puts everything after what it waits for', () =>
    fc.assert(
      fc.property(anyTree, (graph) => {
        const ordered = inOrderOf([...graph.keys()], waitsIn(graph))

        for (const [key, waits] of graph) {
          for (const other of waits.filter((one) => graph.has(one))) {
            expect(ordered.indexOf(other)).toBeLessThan(ordered.indexOf(key))
          }
        }
      }),
    ))

  it('leaves alone what is in order already', () =>
    fc.assert(
      fc.property(anyTree, (graph) => {
        const once = inOrderOf([...graph.keys()], waitsIn(graph))

        expect(inOrderOf(once, waitsIn(graph))).toEqual(once)
      }),
    ))

  it('does not look at the order in which waits are listed', () =>
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const keys = [...graph.keys()]
        const backwards = (key: number) => waitsIn(graph)(key).toReversed()

        expect(inOrderOf(keys, backwards)).toEqual(inOrderOf(keys, waitsIn(graph)))
      }),
    ))
})

describe('reachableFrom', () => {
  it.each([
    ['nothing from nothing', {}, [], []],
    ['not where it starts', { a: ['b'] }, ['a'], ['b']],
    ['what is far away', { a: ['b'], b: ['c', 'd'] }, ['a'], ['b', 'c', 'd']],
    ['the start, where a circle leads back', { a: ['b'], b: ['a'] }, ['a'], ['a', 'b']],
    ['from each of several', { a: ['c'], b: ['d'] }, ['a', 'b'], ['c', 'd']],
  ] as const)('finds %s', (_, next: Readonly<Record<string, readonly string[]>>, start, found) => {
    expect([...reachableFrom<string>(start, (key) => next[key] ?? [])].sort()).toEqual(found)
  })

  it('finds a key exactly when some path leads there', () =>
    fc.assert(
      fc.property(anyGraph, fc.nat(9), (graph, start) => {
        const found = reachableFrom([start], waitsIn(graph))

        const next = new Set([start, ...found].flatMap(waitsIn(graph)))
        expect([...found].sort()).toEqual([...next].sort())
      }),
    ))
})
