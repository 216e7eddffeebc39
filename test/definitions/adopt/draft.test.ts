import { describe, expect, it } from 'vitest'
import { readComposePlaces } from '../../../reconciler/definitions/adopt/compose-places.ts'
import { type Draft, draftOf } from '../../../reconciler/definitions/adopt/draft.ts'
import { interpolate } from '../../../reconciler/definitions/interpolate.ts'
import type { PathLook } from '../../../reconciler/model/found-project.ts'
import type { StackletId } from '../../../reconciler/model/names.ts'

const folder: PathLook = { kind: 'folder', files: [], isWhole: false }
const file = (text: string, unfit: string | null = null): PathLook => {
  return { kind: 'file', file: { path: '', bytes: new TextEncoder().encode(text), isExecutable: false, unfit } }
}

interface Given {
  readonly compose: string
  readonly values?: Readonly<Record<string, string>>
  readonly looks?: Readonly<Record<string, PathLook>>
  readonly envFiles?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

function drafted({ compose, values = {}, looks = {}, envFiles = {} }: Given): Draft {
  const places = readComposePlaces(compose)
  if (places === null) throw new Error('no Compose file')
  return draftOf({
    id: 'wiki' as StackletId,
    project: {
      name: 'wiki',
      directory: '/srv/wiki',
      files: ['/srv/wiki/compose.yml'],
      envFiles: [],
      services: ['web'],
      profiles: [],
      instance: null,
    },
    places,
    values,
    envFiles: new Map(Object.entries(envFiles)),
    port: 8080,
    directory: '/srv/wiki',
    home: '/home/ada',
    filledIn: (text) => interpolate(text, (name) => values[name] ?? null),
    looks: new Map(Object.entries(looks)),
  })
}

const textOf = ({ files }: Draft, path: string): string | undefined => {
  const found = files.find((one) => one.path === path)
  return found === undefined ? undefined : new TextDecoder().decode(found.bytes)
}
const secretsOf = ({ secrets }: Draft) =>
  Object.fromEntries([...secrets].map(([name, value]) => [name, value.reveal()]))

describe('the Compose file of a draft', () => {
  it('is the original, byte for byte, with the name of the project', () => {
    const compose = '# the wiki\n\nservices:\n  web: {image: "web:1",   ports: [ 80:80 ]} # pinned\n'

    expect(textOf(drafted({ compose }), 'docker-compose.yml')).toBe(
      compose.replace('services:', 'name: wiki\nservices:'),
    )
  })

  it('keeps a name that says the same, and corrects one that does not', () => {
    const named = (name: string) => textOf(drafted({ compose: `name: ${name}\nservices: {}\n` }), 'docker-compose.yml')

    expect(named('wiki')).toBe('name: wiki\nservices: {}\n')
    expect(named('other')).toBe('name: "wiki"\nservices: {}\n')
  })

  it('mounts files from beside it and folders from where they are', () => {
    const compose = `services:
  web:
    volumes:
      - ./httpd.conf:/etc/httpd.conf:ro
      - ./data:/data
      - \${SITE:-./site}:/www
      - ~/photos:/photos
      - named:/named
      - { type: bind, source: ../shared, target: /shared }
`
    const looks = {
      '/srv/wiki/httpd.conf': file('A:*\n'),
      '/srv/wiki/data': folder,
      '/srv/wiki/site': folder,
      '/home/ada/photos': folder,
      '/srv/shared': folder,
    }
    const draft = drafted({ compose, looks })

    expect(textOf(draft, 'docker-compose.yml')).toBe(`name: wiki
services:
  web:
    volumes:
      - ./httpd.conf:/etc/httpd.conf:ro
      - /srv/wiki/data:/data
      - /srv/wiki/site:/www
      - ~/photos:/photos
      - named:/named
      - { type: bind, source: /srv/shared, target: /shared }
`)
    expect(textOf(draft, 'httpd.conf')).toBe('A:*\n')
    expect(draft.stays.map(({ path, why }) => `${path} ${why}`)).toEqual([
      '/home/ada/photos lies outside of the project',
      '/srv/shared lies outside of the project',
      '/srv/wiki/data is a folder',
      '/srv/wiki/site is a folder',
    ])
  })

  it('leaves what holds a secret, is no text, or means something else in a stacklet', () => {
    const compose = `services:
  web:
    volumes: ["./acme.json:/acme.json", "./rows.db:/rows.db", "./hooks/on_start.sh:/start.sh"]
    secrets: [key]
secrets: { key: { file: ./key.txt } }
`
    const looks = {
      '/srv/wiki/acme.json': file('', 'is not for everybody to read'),
      '/srv/wiki/rows.db': file('a\0b'),
      '/srv/wiki/hooks/on_start.sh': file('echo\n'),
      '/srv/wiki/key.txt': file('hunter2'),
    }
    const draft = drafted({ compose, looks })

    expect(draft.files.map(({ path }) => path)).toEqual(['docker-compose.yml', 'stacklet.toml'])
    expect(draft.stays.map(({ why }) => why)).toEqual([
      'is not for everybody to read',
      'has a name that means something else in a stacklet',
      'holds a secret',
      'is no text',
    ])
  })
})

describe('secrets of a draft', () => {
  it('leave the Compose file, through anchors and lists too, each under a name of its own', () => {
    const compose = `x-base: &base { environment: { DB_PASSWORD: "one$$" } }
services:
  web: { <<: *base }
  job:
    environment:
      - DB_PASSWORD=two
      - LEVEL=info
`
    const draft = drafted({ compose })

    expect(textOf(draft, 'docker-compose.yml')).toContain(`environment: { DB_PASSWORD: "\${DB_PASSWORD}" }`)
    expect(textOf(draft, 'docker-compose.yml')).toContain(`- "DB_PASSWORD=\${JOB_DB_PASSWORD}"\n      - LEVEL=info\n`)
    expect(secretsOf(draft)).toEqual({ DB_PASSWORD: 'one$', JOB_DB_PASSWORD: 'two' })
  })

  it('are found in .env by the name of what they are used for', () => {
    const compose = `services:\n  db: { environment: { POSTGRES_PASSWORD: "\${PG}", LEVEL: "\${LEVEL}" } }\n`
    const draft = drafted({ compose, values: { PG: 'family', LEVEL: '{"a": 1}', COMPOSE_PROJECT_NAME: 'wiki' } })

    expect(secretsOf(draft)).toEqual({ PG: 'family' })
    expect(textOf(draft, 'stacklet.toml')).toBe(`# Adopted from the Compose project wiki in /srv/wiki.
id = "wiki"
name = "wiki"
port = 8080

[env]
# Their values lie in .stack/secrets.toml.
generate = ["PG"]

[env.defaults]
LEVEL = "{{\\"a\\": 1}}"
`)
  })

  it('are taken out of a default, and out of env files with what is commented out', () => {
    const compose = `services:\n  web: { env_file: app.env, environment: { A_TOKEN: "\${A_TOKEN:-hunter2}" } }\n`
    const text = '# the app\nexport LEVEL=info\nAPI_KEY = "hunter3"\n#OLD_PASSWORD=hunter4\n'
    const draft = drafted({
      compose,
      looks: { '/srv/wiki/app.env': file(text) },
      envFiles: { '/srv/wiki/app.env': { LEVEL: 'info', API_KEY: 'hunter3' } },
    })

    expect(textOf(draft, 'app.env')).toBe(`# the app\nexport LEVEL=info\nAPI_KEY=\${API_KEY}\n# OLD_PASSWORD=\n`)
    expect(textOf(draft, 'docker-compose.yml')).toContain(`A_TOKEN: "\${WEB_A_TOKEN}"`)
    expect(secretsOf(draft)).toEqual({ WEB_A_TOKEN: 'hunter2', API_KEY: 'hunter3' })
  })
})
