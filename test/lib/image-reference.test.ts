import { describe, expect, it } from 'vitest'
import { familiarName, parseImageReference, repositoryOf, tagMeant } from '../../reconciler/lib/image-reference.ts'

const sha = `sha256:${'0123456789abcdef'.repeat(4)}`

describe('an image reference', () => {
  it.each([
    ['postgres', 'docker.io/library/postgres', null, null],
    ['postgres:16-alpine', 'docker.io/library/postgres', '16-alpine', null],
    ['grafana/grafana:11', 'docker.io/grafana/grafana', '11', null],
    ['docker.io/postgres', 'docker.io/library/postgres', null, null],
    ['index.docker.io/library/postgres:1', 'docker.io/library/postgres', '1', null],
    ['docker.io/grafana/grafana', 'docker.io/grafana/grafana', null, null],
    ['ghcr.io/immich-app/immich-server:v1.2.3', 'ghcr.io/immich-app/immich-server', 'v1.2.3', null],
    ['localhost/web', 'localhost/web', null, null],
    ['localhost:5000/web:2', 'localhost:5000/web', '2', null],
    ['127.0.0.1:5000/a/b/c:2', '127.0.0.1:5000/a/b/c', '2', null],
    ['[2001:db8::1]:5000/repo', '[2001:db8::1]:5000/repo', null, null],
    ['Registry/web', 'Registry/web', null, null],
    ['a__b/c--d.e_f', 'docker.io/a__b/c--d.e_f', null, null],
    [`web@${sha}`, 'docker.io/library/web', null, sha],
    [`ghcr.io/x/web:1@${sha}`, 'ghcr.io/x/web', '1', sha],
    ['xn--7o8h.com/myimage:xn--7o8h.com', 'xn--7o8h.com/myimage', 'xn--7o8h.com', null],
    ['web:5000', 'docker.io/library/web', '5000', null],
  ])('%s is %s', (text, repository, tag, digest) => {
    const reference = parseImageReference(text)

    expect(reference).toMatchObject({ tag, digest })
    expect(reference === null ? null : repositoryOf(reference)).toBe(repository)
  })

  it.each([
    '',
    ':tag',
    'Web',
    'web/Server',
    'a//b',
    'a/',
    '-web',
    'web-',
    'web:',
    'web:-x',
    'web@sha256:12',
    `web@md5:${'a'.repeat(32)}`,
    `web@sha256:${'A'.repeat(64)}`,
    'https://ghcr.io/web',
    'a'.repeat(256),
    'a'.repeat(64),
    'web:1 ',
    'we b',
    'web:$TAG',
  ])('refuses %j, as Docker does', (text) => {
    expect(parseImageReference(text)).toBe(null)
  })

  it.each([
    ['docker.io/library/postgres:16', 'postgres'],
    ['docker.io/grafana/grafana', 'grafana/grafana'],
    ['ghcr.io/x/y', 'ghcr.io/x/y'],
    ['docker.io/library/a/b', 'library/a/b'],
  ])('%s is familiarly %s', (text, familiar) => {
    expect(familiarName(parseImageReference(text) ?? { registry: '', repository: '' })).toBe(familiar)
  })

  it.each([
    ['web', 'latest'],
    ['web:2', '2'],
    [`web@${sha}`, null],
    [`web:2@${sha}`, '2'],
  ])('%s means the tag %s', (text, tag) => {
    const reference = parseImageReference(text)

    expect(reference === null ? undefined : tagMeant(reference)).toBe(tag)
  })
})
