import { describe, expect, it } from 'vitest'
import { checkConventions } from '../../reconciler/definitions/check-conventions.ts'
import { formatPosition, type Problem } from '../../reconciler/model/problem.ts'
import { resolve } from './given.ts'

const good = `name: stack-photos
services:
  stack-photos-web:
    container_name: stack-photos-web
    image: ghcr.io/immich/server:v1.2
    depends_on:
      stack-photos-db: { condition: service_healthy }
    networks: [stack]
    ports:
      - "\${PORT_BIND_IP:-127.0.0.1}:42010:2283"
    volumes:
      - \${UPLOADS}:/uploads
      - ./page:/page:ro
      - /var/run/docker.sock:/var/run/docker.sock
      - cache:/cache
    environment:
      DB_PASSWORD: \${DB_PASSWORD}
      TOKEN_TTL: 3600
    labels:
      - "com.centurylinklabs.watchtower.enable=\${WATCHTOWER_ENABLE:-true}"
    restart: unless-stopped
  stack-photos-db:
    container_name: stack-photos-db
    image: postgres:16-alpine
    networks: { stack: { aliases: [db] } }
    labels: { com.centurylinklabs.watchtower.enable: "\${WATCHTOWER_ENABLE:-true}" }
    healthcheck: { test: [CMD, pg_isready] }
    restart: unless-stopped
networks:
  stack:
    external: true
volumes:
  cache:
`
const manifestText = 'port = 42010\n[env]\ngenerate = ["DB_PASSWORD"]\n[env.defaults]\nUPLOADS = "{data_dir}/photos"\n'

function check(
  compose: string | null,
  text = manifestText,
  files: Readonly<Record<string, string>> = {},
): readonly Problem[] {
  const desired = resolve({
    desired: '[stacklets.photos]\n',
    settings: '[core]\ndata_dir = "/srv/data"\n',
    stacklets: { photos: text },
    files: { photos: files },
    ...(compose === null ? {} : { compose: { photos: compose } }),
  })
  return desired.stacklets.flatMap((one) => checkConventions(one, '/srv/data'))
}

/** What is said when one line of the good file is another. */
function changing(from: string | RegExp, to: string, text = manifestText): readonly string[] {
  const changed = good.replace(from, to)
  expect(changed).not.toBe(good)
  return check(changed, text).map(({ code, message, at }) => `${at && formatPosition(at)} ${code}: ${message}`)
}

const file = 'stacklets/photos/docker-compose.yml'

it('has nothing to say about a file that keeps to the conventions', () => {
  expect(check(good)).toEqual([])
})

describe('a mounted file that is not there', () => {
  const saying = (files: Readonly<Record<string, string>>) =>
    check(good.replace('./page:/page:ro', './sit.conf:/site.conf:ro'), manifestText, files)

  it('is named with the one that was probably meant', () => {
    expect(saying({ 'site.conf': 'x' })).toMatchObject([
      { code: 'bind-mount', message: expect.stringContaining('no such file'), hint: 'did you mean "./site.conf"?' },
    ])
    expect(saying({})).toMatchObject([{ hint: 'write stacklets/photos/sit.conf, or correct the name' }])
  })

  it.each([['sit.conf'], ['sit.conf/part'], ['hooks/on_install.sh']])('is none where %s is there', (name) => {
    expect(saying({ [name]: 'x' })).toEqual([])
  })
})

it('has nothing to say about a file that is no YAML, and about none: others do', () => {
  expect(check('a: [')).toEqual([])
  expect(check(null)).toEqual([])
})

it('gives warnings only, about the stacklet, each with a fix', () => {
  const problems = check('services:\n  web:\n    image: nginx\n', 'port = 1000\n[env.defaults]\nAPI_TOKEN = "abc"\n')

  expect(problems.map(({ code }) => code).sort()).toMatchInlineSnapshot(`
    [
      "container-name",
      "container-name",
      "floating-tag",
      "plain-secret",
      "port-binding",
      "project-name",
      "restart-policy",
      "shared-network",
      "update-label",
    ]
  `)
  expect(problems.every(({ level, about, hint }) => level === 'warning' && about === 'photos' && hint !== '')).toBe(
    true,
  )
})

it.each<[string, string | RegExp, string, readonly string[]]>([
  [
    'another project name',
    'name: stack-photos',
    'name: photos',
    ['1:7 project-name: the project is not called stack-photos'],
  ],
  ['no project name', 'name: stack-photos\n', '', ['1:1 project-name: the project has no name']],
  [
    'a container called otherwise than its service',
    'container_name: stack-photos-db',
    'container_name: postgres',
    ['23:21 container-name: stack-photos-db and its container have two names'],
  ],
  [
    'a service that only its container names right',
    '  stack-photos-web:\n',
    '  web:\n',
    ['3:3 container-name: service web is not called stack-photos or stack-photos-…'],
  ],
  [
    'no tag',
    'postgres:16-alpine',
    'registry:5000/postgres',
    ['24:12 floating-tag: stack-photos-db uses an image without a tag'],
  ],
  [
    'the tag latest',
    'postgres:16-alpine',
    'postgres:latest',
    ['24:12 floating-tag: stack-photos-db uses the tag latest'],
  ],
  ['a digest', 'postgres:16-alpine', `postgres@sha256:${'a'.repeat(64)}`, []],
  [
    'a tag from a variable that says latest',
    'postgres:16-alpine',
    `postgres:\${PG_VERSION:-latest}`,
    ['24:12 floating-tag: stack-photos-db uses the tag latest'],
  ],
  ['a tag from a variable', 'postgres:16-alpine', `postgres:\${PG_VERSION:-16}`, []],
  [
    'no network',
    '    networks: [stack]\n',
    '',
    ['3:3 shared-network: stack-photos-web does not join the network that stacklets share'],
  ],
  ["the host's network", '    networks: [stack]\n', '    network_mode: host\n', []],
  [
    'a network that is not the shared one',
    '    external: true',
    '    driver: bridge',
    [
      '8:5 shared-network: stack-photos-web does not join the network that stacklets share',
      '25:5 shared-network: stack-photos-db does not join the network that stacklets share',
    ],
  ],
  ['the shared network under another key', /stack:\n {4}external: true/, 'stack: { external: true, name: stack }', []],
  [
    'a port that is open to all',
    `\${PORT_BIND_IP:-127.0.0.1}:42010:2283`,
    '42010:2283',
    ['10:9 port-binding: stack-photos-web publishes 42010 without PORT_BIND_IP, which says who may reach it'],
  ],
  [
    'a port that the manifest does not declare',
    '42010:2283',
    '42011:2283',
    [
      '2:1 port-binding: stacklet.toml says port = 42010, and no service publishes it',
      '10:9 port-binding: stack-photos-web publishes 42011, which is neither port nor one of [ports] in stacklet.toml',
    ],
  ],
  [
    'a port that the engine chooses',
    `"\${PORT_BIND_IP:-127.0.0.1}:42010:2283"`,
    `"\${PORT_BIND_IP}:42010:2283"\n      - "9"`,
    [],
  ],
  [
    'a port in long form',
    `- "\${PORT_BIND_IP:-127.0.0.1}:42010:2283"`,
    '- { published: 42010, target: 2283 }',
    ['10:9 port-binding: stack-photos-web publishes 42010 without PORT_BIND_IP, which says who may reach it'],
  ],
  [
    'no policy',
    /( {4}healthcheck.*\n) {4}restart: unless-stopped\n/,
    '$1',
    ['22:3 restart-policy: stack-photos-db has no restart policy'],
  ],
  [
    'another policy',
    /restart: unless-stopped/,
    'restart: always',
    ['21:14 restart-policy: stack-photos-web has restart: always'],
  ],
  [
    'a folder of the host',
    './page:/page:ro',
    '/srv/photos:/page',
    ['13:9 bind-mount: stack-photos-web mounts /srv/photos, which is not below {data_dir}'],
  ],
  ['a folder below the data folder', './page:/page:ro', '/srv/data/photos/page:/page', []],
  [
    'a folder whose name only begins alike',
    './page:/page:ro',
    '/srv/data2/page:/page',
    ['13:9 bind-mount: stack-photos-web mounts /srv/data2/page, which is not below {data_dir}'],
  ],
  [
    'a folder of the host by default of a variable',
    './page:/page:ro',
    `\${PAGES:-/opt/pages}:/page`,
    [`13:9 bind-mount: stack-photos-web mounts \${PAGES:-/opt/pages}, which is not below {data_dir}`],
  ],
  [
    'a secret in the open',
    `DB_PASSWORD: \${DB_PASSWORD}`,
    'DB_PASSWORD: hunter2',
    ['17:20 plain-secret: DB_PASSWORD is written in the open'],
  ],
  ['a default for a secret is no secret', `DB_PASSWORD: \${DB_PASSWORD}`, `DB_PASSWORD: \${DB_PASSWORD:-changeme}`, []],
  ['a file that holds a secret', `DB_PASSWORD: \${DB_PASSWORD}`, 'DB_PASSWORD_FILE: secrets/db', []],
  [
    'no label',
    /( {4}networks: \{.*\n) {4}labels.*\n/,
    '$1',
    ['22:3 update-label: stack-photos-db does not say whether other updaters may replace it'],
  ],
  [
    'nothing that says when a database is ready',
    /.*healthcheck.*\n/,
    '',
    ['22:3 health-check: stack-photos-web waits for stack-photos-db, which has no healthcheck'],
  ],
])('%s', (_, from, to, expected) => {
  expect(changing(from, to)).toEqual(expected.map((line) => `${file}:${line}`))
})

describe('a job that runs once', () => {
  it('needs no policy when somebody waits for its end, and none when it says no itself', () => {
    expect(
      changing(
        /condition: service_healthy([\s\S]*)healthcheck.*\n {4}restart: unless-stopped/,
        'condition: service_completed_successfully$1restart: "no"',
      ),
    ).toEqual([])
    expect(changing(/ {4}healthcheck.*\n {4}restart: unless-stopped/, '    restart: "no"').join()).toContain(
      'health-check',
    )
  })
})

it('names the line of a secret in the manifest, and shows no value', () => {
  const problems = check(
    good,
    `${manifestText}ADMIN_TOKEN = "hunter2"\nAPI_KEY = "{docs__KEY}"\nKEY_FILE = "/run/key"\n`,
  )

  expect(problems).toMatchObject([{ code: 'plain-secret', at: { file: 'stacklets/photos/stacklet.toml', line: 6 } }])
  expect(JSON.stringify(problems)).not.toContain('hunter2')
})

it('follows anchors and merges', () => {
  const compose = good
    .replace('services:', 'x-all: &all\n  restart: unless-stopped\nservices:')
    .replaceAll(/ {4}restart: unless-stopped\n/g, '    <<: *all\n')

  expect(check(compose)).toEqual([])
})
