import { beforeAll, describe, expect, it } from 'vitest'
import { startRecordingProxy } from '../engine/recording-proxy.ts'
import { testEngine } from '../engine/test-engine.ts'
import { type ProjectKind, type StartedProject, startProjects } from './fixtures/compose-projects.ts'
import { atTheEnd } from './support/at-the-end.ts'
import { mustSee } from './support/containers.ts'
import { type Answer, type Instance, makeInstance } from './support/instance.ts'
import { commitAndRun } from './support/runs.ts'
import { changedPaths, snapshot } from './support/snapshot.ts'

const password = 'correct-horse-9'

const kinds: readonly ProjectKind[] = [
  {
    what: 'a plain web server, its container named',
    files: {
      'compose.yml': `# the page of the house
services:
  web:
    container_name: page-PORT
    image: WEB          # pinned
    ports: ["127.0.0.1:PORT:80"]
`,
    },
  },
  {
    what: 'values from .env',
    files: {
      'docker-compose.yml': `services:
  web:
    image: \${IMAGE}
    environment: { GREETING: "\${GREETING:-none} \${UNSET:-x}", BRACES: "\${BRACES}" }
    volumes: ["\${SITE:-./site}:/site"]
`,
      '.env': `IMAGE=WEB\nGREETING="hello # $\${world}"\nBRACES={"a": 1}\n`,
      'site/index.html': 'hello\n',
    },
  },
  {
    what: 'an env_file with a password, beside .env',
    files: {
      'compose.yaml': `services:
  web:
    image: WEB
    env_file:
      - .env
      - ./app.env
      - { path: none.env, required: false }
`,
      '.env': `MODE=production\n`,
      'app.env': `# the application\nexport LEVEL=info\nAPI_TOKEN="${password}-token"\n`,
    },
  },
  {
    what: 'passwords in the open, in a map and a list',
    files: {
      'compose.yml': `x-common: &common
  restart: unless-stopped
  environment: &env
    DB_PASSWORD: "${password}$$1"
    DB_USER: app
services:
  one:
    <<: *common
    image: WEB
  two:
    image: WEB
    environment:
      - DB_PASSWORD=${password}-other
      - DATABASE_URL=postgres://app:${password}@db/app
      - LEVEL=info
`,
    },
  },
  {
    what: 'two services, one waiting for the health of the other, and a job',
    files: {
      'compose.yml': `services:
  db:
    image: WEB
    environment: { POSTGRES_PASSWORD: "\${PG}" }
    healthcheck: { test: ["CMD", "true"], interval: 200ms, start_interval: 200ms }
  job: { image: BOX, command: "true" }
  web:
    image: WEB
    depends_on: { db: { condition: service_healthy }, job: { condition: service_completed_successfully } }
`,
      '.env': `PG=${password}-pg\n`,
    },
  },
  {
    what: 'a named volume, and a folder with data',
    files: {
      'compose.yml': `services:
  web:
    image: WEB
    volumes: [kept:/kept, ./data:/data, /scratch]
volumes: { kept: {} }
`,
      'data/rows': 'one\n',
    },
  },
  {
    what: 'a mounted file, a config and a secret',
    files: {
      'compose.yml': `services:
  web:
    image: WEB
    volumes: ["./conf/httpd.conf:/etc/httpd.conf:ro"]
    configs: [motd]
    secrets: [key]
configs: { motd: { file: ./conf/motd } }
secrets: { key: { file: ./key.txt } }
`,
      'conf/httpd.conf': 'A:*\n',
      'conf/motd': 'welcome\n',
      'key.txt': password,
    },
  },
  {
    what: 'an image built here, with a folder of data in its context',
    files: {
      'compose.yml': `services:
  web:
    build: .
    command: sleep 9999
    init: true
    volumes: ["./data:/data"]
`,
      Dockerfile: 'FROM BOX\nCOPY app/main.sh /main.sh\n',
      'app/main.sh': 'echo one\n',
      'data/rows': 'one\n',
    },
  },
  {
    what: 'several files, a network of its own, an extends',
    before: ['-f', 'base.yml', '-f', 'over.yml'],
    files: {
      'base.yml': `services:
  web:
    extends: { file: common.yml, service: base }
    networks: [own]
    volumes: ["\${SITE:-./site.html}:/site.html:ro", "./data:/data"]
    environment: { LEVEL: "\${LEVEL}" }
networks: { own: { driver: bridge } }
`,
      'common.yml': 'services:\n  base: { image: WEB, labels: { a: b } }\n',
      'over.yml': `services:\n  web:\n    environment: { LEVEL: "\${LEVEL}!", API_KEY: ${password} }\n    env_file: .env\n`,
      '.env': 'LEVEL=info\n',
      'site.html': 'hello\n',
      'data/rows': 'one\n',
    },
  },
  {
    what: 'one that is stopped',
    files: { 'compose.yml': 'services:\n  web: { image: WEB }\n' },
    later: ['stop', '--timeout', '0'],
  },
  {
    what: 'profiles, of which one is on',
    before: ['--profile', 'debug'],
    files: {
      'compose.yml': `services:
  web: { image: WEB }
  extra: { image: WEB, profiles: [debug] }
  never: { image: WEB, profiles: [other] }
`,
    },
  },
  {
    what: 'one that is paused, several of one service, a shared network',
    files: {
      'compose.yml': `services:
  web: { image: WEB, scale: 2 }
  beside: { image: BOX, command: sleep 9999, init: true, network_mode: "service:web" }
`,
    },
    later: ['pause'],
  },
]

const onEnd = atTheEnd()
let host: Instance
let projects: readonly StartedProject[]
let before: Readonly<Record<string, string>>
let answers: readonly Answer[]
let previews: readonly Answer[]

beforeAll(async () => {
  host = await makeInstance({ 'desired/desired.toml': '# mine\n' }, { onEnd })
  await host.commit()
  projects = await startProjects(kinds, onEnd)
  before = await containersOf(projects)
})

describe('a preview', () => {
  it('makes no call but GET and HEAD, and writes nothing', async () => {
    const proxy = await startRecordingProxy(testEngine().dockerHost)
    const files = await snapshot(host.folder)

    const asked = projects.map(({ name }) =>
      host.stackWith({ DOCKER_HOST: proxy.dockerHost }, 'adopt', name, '--dry-run', '--json'),
    )
    previews = await Promise.all(asked)
    await proxy.stop()

    expect(previews.map(({ code, stdout }) => (code === 0 ? '' : stdout))).toEqual(kinds.map(() => ''))
    expect(proxy.calls().length).toBeGreaterThan(10)
    expect(proxy.calls().filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([])
    expect(changedPaths(files, await snapshot(host.folder))).toEqual([])
    expect(previews.map(({ stdout }) => stdout).join()).not.toContain(password)
  })
})

describe('a project that was started with docker compose up -d', () => {
  beforeAll(async () => {
    const all: Answer[] = []
    for (const { name } of projects) all.push(await host.stack('adopt', name, '--json'))
    answers = all
  })

  it.each(kinds.map(({ what }, index) => ({ what, index })))('is adopted: $what', async ({ index }) => {
    const { name } = projects[index] as StartedProject
    const plan = await host.stack('plan', name, '--json')

    expect(answers[index]?.code, answers[index]?.stdout).toBe(0)
    expect(plan.json.steps).toEqual([])
    expect(plan.json.notes).toEqual([])
  })

  it('runs on: no container is another, nothing was started or stopped', async () => {
    expect(await containersOf(projects)).toEqual(before)
  })

  it('leaves nothing to do, and a run is silent', async () => {
    const plan = await host.stack('plan', '--json', '--ref', 'HEAD')
    const run = await host.stack('reconcile')

    expect(plan.json).toMatchObject({ empty: true, steps: [], notes: [] })
    expect(run).toMatchObject({ code: 0, stdout: '' })
    expect(await containersOf(projects)).toEqual(before)
  })

  it('is committed without its passwords', async () => {
    const { stdout } = await host.stack('secrets', 'list')

    expect(await host.git('status', '--porcelain')).toBe('')
    expect(await host.git('log', '-p', '--all')).not.toContain(password)
    expect(stdout.split('\n').filter((line) => line !== '')).toHaveLength(6)
  })
})

describe('afterwards', () => {
  it('an edit of a copied file is applied, and nothing else is touched', async () => {
    const { name } = named('a mounted file')
    await host.write(`stacklets/${name}/conf/httpd.conf`, 'A:127.0.0.1\n')

    await commitAndRun(host)

    const after = await containersOf(projects)
    expect(changedPaths(before, after)).toEqual([`/${name}-web-1`])
    expect(await host.docker(['exec', `${name}-web-1`, 'cat', '/etc/httpd.conf', '/motd', '/run/secrets/key'])).toBe(
      `A:127.0.0.1\nwelcome\n${password}`,
    )
  })

  it('an edit of the Compose file is applied, with every profile, value and folder as before', async () => {
    const edited = ['profiles', 'values from .env', 'several files'].map((what) => named(what).name)
    const seenBefore = await Promise.all(edited.map((name) => mustSee(host.docker, `${name}-web-1`)))
    for (const name of edited) {
      const path = `stacklets/${name}/docker-compose.yml`
      await host.write(path, `${await host.read(path)}# edited\n`)
    }

    await commitAndRun(host)

    const after = await Promise.all(edited.map((name) => mustSee(host.docker, `${name}-web-1`)))
    for (const [index, { id, env, state }] of after.entries()) {
      expect(id).not.toBe(seenBefore[index]?.id)
      expect(env).toMatchObject(seenBefore[index]?.env ?? {})
      expect(state).toBe('running')
    }
    expect(await mustSee(host.docker, `${named('profiles').name}-extra-1`)).toMatchObject({ state: 'running' })
    expect(await host.docker(['exec', `${named('several files').name}-web-1`, 'cat', '/site.html', '/data/rows'])).toBe(
      'hello\none',
    )
  })

  it('what somebody stops is started again', async () => {
    const { compose, name } = named('passwords in the open')
    await compose('stop', '--timeout', '0', 'one')

    const run = await host.stack('reconcile', '--json')

    expect(run.json.outcome).toBe('converged')
    expect(await mustSee(host.docker, `${name}-one-1`)).toMatchObject({
      state: 'running',
      env: { DB_PASSWORD: `${password}$1`, DB_USER: 'app' },
    })
  })
})

function named(what: string): StartedProject {
  const found = projects.find((one) => one.what.includes(what))
  if (found === undefined) throw new Error(`no project is ${what}`)
  return found
}

/** Name to id, state and start of every container of these projects. */
async function containersOf(all: readonly StartedProject[]): Promise<Readonly<Record<string, string>>> {
  const format = '{{.Name}} {{.Id}} {{.State.Status}} {{.State.StartedAt}}'
  const filters = all.map(({ name }) => name)
  const ids = await host.docker(['ps', '--all', '--format', '{{.ID}} {{.Label "com.docker.compose.project"}}'])
  const own = ids.split('\n').filter((line) => filters.includes(line.split(' ')[1] ?? ''))
  const lines = await host.docker(['inspect', '--format', format, ...own.map((line) => line.split(' ')[0] ?? '')])
  return Object.fromEntries(lines.split('\n').map((line) => [line.split(' ')[0], line]))
}
