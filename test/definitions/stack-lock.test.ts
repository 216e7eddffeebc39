import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStackLock, stackLockText } from '../../reconciler/definitions/stack-lock.ts'
import { pinnedReference } from '../../reconciler/model/locked-image.ts'

const file = 'desired/stack.lock'
const sha = `sha256:${'ab'.repeat(32)}`

describe('desired/stack.lock', () => {
  it('is one line a service, sorted, whatever the order it was made in', () => {
    const db = { image: 'postgres:16-alpine', tag: '16-alpine', digest: sha }
    const web = { image: 'ghcr.io/x/web:1.2.3', tag: '1.2.4', digest: sha }

    const text = stackLockText({ wiki: { web: db }, photos: { web, db } })

    expect(text.slice(text.indexOf('\n['))).toBe(`
[photos]
db = { image = "postgres:16-alpine", tag = "16-alpine", digest = "${sha}" }
web = { image = "ghcr.io/x/web:1.2.3", tag = "1.2.4", digest = "${sha}" }

[wiki]
web = { image = "postgres:16-alpine", tag = "16-alpine", digest = "${sha}" }
`)
  })

  it('reads what it wrote', () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9_.-]{0,12}$/)
    const line = fc.record({
      image: fc.constantFrom('postgres', 'ghcr.io/x/y:1', '127.0.0.1:5000/web:2'),
      tag: fc.constantFrom('1', '16-alpine', 'v1.2.3', 'latest'),
      digest: fc.constant(sha),
    })
    const lock = fc.dictionary(name, fc.dictionary(name, line, { minKeys: 1, maxKeys: 4 }), { maxKeys: 4 })
    fc.assert(
      fc.property(lock, (given) => {
        const text = stackLockText(given)
        const read = parseStackLock(text, file)

        expect(read.problems).toEqual([])
        expect(read.lock).toEqual({ ...given })
        expect(stackLockText(read.lock)).toBe(text)
      }),
      { numRuns: 200, seed: 7 },
    )
  })

  it('locks nothing where there is none, or nothing in it', () => {
    expect(parseStackLock(null, file)).toEqual({ lock: {}, problems: [] })
    expect(parseStackLock('# nothing yet\n', file)).toEqual({ lock: {}, problems: [] })
  })

  it.each([
    [
      'a digest cut short',
      `[web]\nweb = { image = "web:1", tag = "1", digest = "sha256:ab" }`,
      'desired/stack.lock:2:46',
      /digest/,
    ],
    ['no image', `[web]\nweb = { image = "Web:1", tag = "1", digest = "${sha}" }`, 'desired/stack.lock:2:17', /image/],
    ['no tag', `[web]\nweb = { image = "web:1", tag = "-1", digest = "${sha}" }`, 'desired/stack.lock:2:32', /tag/],
    [
      'a key too many',
      `[web]\nweb = { image = "web:1", tag = "1", digest = "${sha}", age = 1 }`,
      'desired/stack.lock:2:',
      /age/,
    ],
    ['half a merge', `<<<<<<< HEAD\n[web]`, 'desired/stack.lock:1:1', /./],
    ['a missing digest', `[web]\nweb = { image = "web:1", tag = "1" }`, 'desired/stack.lock:2:', /digest/],
  ])('complains about %s with its place', (_, text, place, words) => {
    const [problem] = parseStackLock(text, file).problems
    const at = problem?.at

    expect(problem).toMatchObject({ level: 'error', about: null, message: expect.stringMatching(words) })
    expect(`${at?.file}:${at?.line}:${at?.column}`).toContain(place)
  })
})

describe('a pinned reference', () => {
  it.each([
    ['postgres:16-alpine', '16-alpine', `postgres:16-alpine@${sha}`],
    ['postgres', '17', `postgres:17@${sha}`],
    ['127.0.0.1:5000/web:1', '1', `127.0.0.1:5000/web:1@${sha}`],
    ['docker.io/library/postgres:16', '16', `postgres:16@${sha}`],
  ])('%s at %s is %s', (image, tag, pinned) => {
    expect(pinnedReference({ image, tag, digest: sha })).toBe(pinned)
  })
})
