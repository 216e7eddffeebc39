import { expect, it } from 'vitest'
import { referencesIn } from '../../reconciler/definitions/references.ts'

it('names every place that a Compose file leads to, and nothing that is known only later', () => {
  const text = `
include: [more.yml, { path: ../shared/base.yml, env_file: ../shared/.env }]
services:
  web:
    extends: { file: common/web.yml, service: web }
    build: { context: ./app }
    env_file: [.env, { path: ../shared/all.env, required: false }]
    volumes:
      - ./site:/www:ro
      - data:/data
      - /etc/localtime:/etc/localtime
      - \${DATA_DIR}/files:/files
      - { type: bind, source: ../../lib/kit, target: /kit }
      - { type: volume, source: cache, target: /cache }
  job: { build: ./job }
configs: { c: { file: c.conf } }
secrets: { s: { file: ./s.txt }, e: { environment: HOME } }
volumes: { data: {}, cache: {} }
`

  expect(referencesIn(text)).toEqual([
    ...['../../lib/kit', '../shared/.env', '../shared/all.env', '../shared/base.yml'],
    ...['./app', './job', './s.txt', './site', '.env', 'c.conf', 'common/web.yml', 'more.yml'],
  ])
})

it.each(['', 'services: [', '- a list', 'services: { web: null }', 'services: 3'])('finds nothing in %j', (text) => {
  expect(referencesIn(text)).toEqual([])
})
