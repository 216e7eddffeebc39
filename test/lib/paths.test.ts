import { describe, expect, it } from 'vitest'
import { absolutePath, pathInside } from '../../reconciler/lib/paths.ts'

describe('an absolute path', () => {
  it.each([
    ['./site', '/srv/wiki/site'],
    ['../shared/./a//b', '/srv/shared/a/b'],
    ['/etc/../var', '/var'],
    ['~/photos', '/home/ada/photos'],
    ['~ada', '/srv/wiki/~ada'],
    ['.', '/srv/wiki'],
  ])('of %s is %s', (path, whole) => {
    expect(absolutePath('/srv/wiki', path, '/home/ada')).toBe(whole)
  })
})

describe('a path inside of a folder', () => {
  it('is what follows the folder, and null for its neighbour', () => {
    expect(pathInside('/srv/wiki', '/srv/wiki/site')).toBe('site')
    expect(pathInside('/srv/wiki', '/srv/wiki')).toBe('')
    expect(pathInside('/srv/wiki', '/srv/wiki2')).toBeNull()
    expect(pathInside('/', '/srv')).toBe('srv')
  })
})
