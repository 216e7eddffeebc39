import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digest, digestOf, gitBlobDigest } from '../../reconciler/lib/digest.ts'

describe('digest', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['photos', '84a6dae49cf0481203aa97872cc3301b73c406b8ac099ee36d2f849365cec06b'],
    ['Grüße', 'f83e039796c6453a10f5519e39fd113901572316a1a8ea07cb525d2801dfd074'],
  ])('of %j is its SHA-256', (text, hex) => {
    expect(digest(text)).toBe(hex)
    expect(digest(text)).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('digestOf', () => {
  const anyRecord = fc.dictionary(fc.string(), fc.string(), { maxKeys: 5 })

  it('does not depend on the order of the keys', () =>
    fc.assert(
      fc.property(anyRecord, (record) => {
        const backwards = Object.fromEntries(Object.entries(record).toReversed())

        expect(digestOf(backwards)).toBe(digestOf(record))
      }),
    ))

  it('is equal only for equal maps', () =>
    fc.assert(
      fc.property(anyRecord, anyRecord, (one, other) => {
        const areEqual = JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort())

        expect(digestOf(one) === digestOf(other)).toBe(areEqual)
      }),
    ))

  it.each([
    ['a value that moves to the key', { ab: 'c' }, { a: 'bc' }],
    ['a line that is part of a value', { a: 'x\n["b","y"]' }, { a: 'x', b: 'y' }],
    ['a quote', { 'a","b': '' }, { a: 'b' }],
    ['an empty value and none', { a: '' }, {}],
  ])('tells %s', (_, one: Record<string, string>, other: Record<string, string>) => {
    expect(digestOf(one)).not.toBe(digestOf(other))
  })
})

describe('gitBlobDigest', () => {
  it.each([
    ['', 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'],
    ['hello\n', 'ce013625030ba8dba906f756967f9e9ca394464a'],
  ])('of %j is the name that git gives it', (text, name) => {
    expect(gitBlobDigest(Buffer.from(text))).toBe(name)
  })

  it('counts bytes, not letters, and takes any', () => {
    expect(gitBlobDigest(Buffer.from('ü'))).not.toBe(gitBlobDigest(Buffer.from('u')))
    expect(gitBlobDigest(Uint8Array.of(0, 255, 10))).toMatch(/^[0-9a-f]{40}$/)
  })
})
