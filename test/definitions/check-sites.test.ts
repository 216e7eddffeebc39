import { describe, expect, it } from 'vitest'
import { checkSites, type SiteClaim } from '../../reconciler/definitions/check-sites.ts'
import type { StackletId } from '../../reconciler/model/names.ts'

function claim(id: string, host: string, path = '', isServed = false): SiteClaim {
  const at = { file: `${id}.toml`, line: 1, column: 1 }
  return { id: id as StackletId, site: { host, path, tls: 'internal' }, at, isServed }
}

const said = (...claims: readonly SiteClaim[]) => checkSites(claims).map(({ about, message }) => `${about}: ${message}`)

describe('a host', () => {
  it.each<[string, readonly SiteClaim[]]>([
    ['hosts of their own', [claim('a', 'a.x'), claim('b', 'b.x')]],
    ['paths of their own', [claim('a', 'x', '/a'), claim('b', 'x', '/b')]],
    ['one owner of several paths', [claim('a', 'x'), claim('a', 'x', '/deep')]],
  ])('may be had so: %s', (_, claims) => {
    expect(said(...claims)).toEqual([])
  })

  it('that two claim is an error at each, with the place of the other', () => {
    expect(said(claim('a', 'x'), claim('b', 'x'))).toEqual([
      'a: a and b both claim x, see b.toml:1:1',
      'b: b and a both claim x, see a.toml:1:1',
    ])
  })

  it('as a whole and one of its paths cannot belong to two', () => {
    expect(said(claim('a', 'x'), claim('b', 'x', '/b'))).toEqual([
      'a: a claims x, and b claims x/b: a host has one owner, or each of its paths has, see b.toml:1:1',
      'b: b claims x/b, and a claims x: a host has one owner, or each of its paths has, see a.toml:1:1',
    ])
  })

  it('stays with who has it: the error is at the newcomer alone', () => {
    expect(said(claim('a', 'x', '/p', true), claim('b', 'x', '/p'))).toEqual([
      'b: b and a both claim x/p, see a.toml:1:1',
    ])
  })
})
