import { describe, expect, it } from 'vitest'
import { allChecks } from '../../../reconciler/loop/doctor/checks/all-checks.ts'
import type { Facts } from '../../../reconciler/loop/doctor/facts.ts'
import { checkNames } from '../../../reconciler/model/check.ts'
import { StackError } from '../../../reconciler/model/errors.ts'
import type { RunningContainer } from '../../../reconciler/ports/docker-probe.ts'
import { desired } from '../../support/desired.ts'
import {
  complaints,
  engine,
  entry,
  look,
  notWell,
  nowhere,
  nowMs,
  privateEngine,
  repository,
  silent,
  well,
  withLook,
  withPlace,
  withRepository,
} from '../../support/doctor-facts.ts'
import { stacklet } from '../../support/intent.ts'

const hour = 3_600_000
const room = well.rooms[0]!
const container = {
  name: 'stack-photos',
  project: 'stack-photos',
  instance: 'instance-1',
  stacklet: 'photos',
  isHelper: false,
  ports: [{ address: '0.0.0.0', port: 8080, protocol: 'tcp' }],
}
const nginx = { address: '::', port: 8080, protocol: 'tcp', process: { pid: 12, program: 'nginx' } } as const

function withPrograms(programs: Partial<Facts['programs']>): Facts {
  return { ...well, programs: { ...well.programs, ...programs } }
}

function running(facts: Partial<RunningContainer>): Facts['engine'] {
  return { ...engine, running: [{ ...container, ...facts }] }
}

/** The same host with one stacklet that has these files. */
function withFiles(...paths: readonly string[]): Pick<Facts, 'place'> {
  const files = Object.fromEntries(paths.map((path) => [path, 'x']))
  return { place: withPlace({ desired: desired([stacklet('photos', { files })]) }).place }
}

it('a host that lacks nothing is told so, check by check', () => {
  const checks = allChecks(well)

  expect(complaints(well)).toEqual([])
  expect(checks.map(({ name }) => name)).toEqual(
    [...checkNames].filter((name) => checks.some((one) => one.name === name)),
  )
  expect(new Set(checks.map(({ name }) => name)).size).toBe(checkNames.length)
})

it('outside of an instance only the machine is looked at', () => {
  expect(complaints({ ...well, place: nowhere })).toEqual(['error instance: there is no instance here'])
})

describe('what is wrong is told', () => {
  const cases: readonly (readonly [name: string, facts: Facts, told: string])[] = [
    ['an old Node', withPrograms({ node: '18.20.4' }), 'error node: Node 18.20.4 is too old'],
    ['no git', withPrograms({ git: null }), 'error programs: git is not in PATH'],
    ['an old git', withPrograms({ git: '2.9.1' }), 'error programs: git 2.9.1 is too old'],
    ['no flock', withPrograms({ flock: null }), 'error programs: flock is not in PATH'],
    [
      'no python3 for a hook',
      { ...withPrograms({ python: null }), ...withFiles('hooks/on_start.py') },
      'error programs: python3 is not in PATH, and photos has hooks or commands in Python',
    ],
    [
      'an old python3 for a command',
      { ...withPrograms({ python: '3.9.2' }), ...withFiles('cli/send.py') },
      'warning programs: python3 3.9.2 has no tomllib',
    ],
    [
      'no bash for a hook',
      { ...withPrograms({ bash: null }), ...withFiles('hooks/on_stop.sh') },
      'error programs: bash is not in PATH, and photos needs it',
    ],
    ['a silent engine', { ...well, engine: silent }, 'error engine: no Docker engine answers'],
    ['an old engine', { ...well, engine: { ...engine, version: '19.3.1' } }, 'warning engine: Docker 19.3.1'],
    [
      'no Compose',
      { ...well, compose: { kind: 'missing', message: 'Docker Compose v2 is not installed', hint: 'install it' } },
      'error compose: Docker Compose v2 is not installed',
    ],
    [
      'a file that cannot be read',
      withPlace({ desired: null, problem: new StackError('STACK_SECRETS_BROKEN', 'it is torn', { hint: 'mend it' }) }),
      'error files: it is torn',
    ],
    [
      'a manifest with a mistake',
      withPlace({ desired: desired([stacklet('photos', { manifest: 'id = 3\n' })]) }),
      'error files: stacklets/photos/stacklet.toml:1:6: ',
    ],
    [
      'a ledger that is torn',
      withPlace({ brokenLedger: ['photos.json'] }),
      'warning files: photos.json of .stack/ledger',
    ],
    ['no repository', withRepository({ state: 'none' }), 'error repository: /home/ada/home is in no git repository'],
    ['no commit', withRepository({ state: 'empty' }), 'error repository: there is no commit yet'],
    ['nobody', withRepository({ person: null }), 'warning repository: git does not know who you are'],
    [
      'a lock of a dead git',
      withRepository({ lock: { path: '/x/index.lock', sinceMs: nowMs - hour } }),
      'warning repository: a git process has held /x/index.lock for 60 min',
    ],
    [
      'git that does not read it',
      withRepository({ state: 'broken', problem: { message: 'it belongs to another user', hint: 'trust it' } }),
      'error repository: it belongs to another user',
    ],
    [
      'a remote that is away',
      withRepository({ remote: { name: 'origin', failure: 'Could not resolve host' } }),
      'warning remote: the remote origin cannot be read: Could not resolve host',
    ],
    [
      'what git does not ignore',
      withRepository({ notIgnored: ['stacklets/a/.env', 'stacklets/b/.env', 'data/x'] }),
      'error ignored: git does not ignore .env and /data/',
    ],
    [
      'what git keeps',
      withRepository({ tracked: ['stacklets/a/.env'] }),
      'error ignored: git keeps stacklets/a/.env, which may hold secrets',
    ],
    [
      'secrets that are open',
      withLook({ entries: [...look.entries, entry('stacklets/photos/.env', { mode: 0o644 })] }),
      'error state: others may read stacklets/photos/.env (644)',
    ],
    [
      'files of somebody else',
      withLook({ entries: [...look.entries, entry('.stack/ledger/photos.json', { owner: 0 })] }),
      'error state: .stack/ledger/photos.json belongs to another user',
    ],
    [
      'a file in the place of .stack/',
      withLook({ entries: [entry('.stack')] }),
      'error state: a file is in the place of',
    ],
    [
      'a folder in the place of a file',
      withLook({ entries: [...look.entries, entry('.stack/lock', { kind: 'folder' })] }),
      'error state: a folder is in the place of .stack/lock',
    ],
    [
      'a run that was killed',
      withLook({ lock: { pid: 7, isAlive: false, why: 'stack up', since: '03:00' } }),
      'warning run: a run was cut short: pid 7 (stack up) since 03:00',
    ],
    [
      'a note of the last run that is none',
      withLook({ unreadable: ['.stack/last-run'] }),
      'warning records: .stack/last-run cannot be read: it counts as not there',
    ],
    [
      'a hold that cannot be read',
      withLook({ unreadable: ['.stack/standing/photos.json'] }),
      'warning records: .stack/standing/photos.json cannot be read: whether photos is on hold is not known',
    ],
    [
      'a good version that cannot be read',
      withLook({ unreadable: ['.stack/good/photos/version.json'] }),
      'warning records: .stack/good/photos/version.json cannot be read: photos has no version to go back to',
    ],
    [
      'a torn line of the journal',
      withLook({ unreadable: ['.stack/journal/2026-11.jsonl'] }),
      'warning records: .stack/journal/2026-11.jsonl cannot be read: stack history leaves out what such a line told',
    ],
    [
      'an edit that was killed',
      withLook({ halfEdit: 'desired/desired.toml' }),
      'warning edit: a command was cut short while it edited desired/desired.toml',
    ],
    [
      'what is left',
      withLook({ staged: [entry('.stack/edit-1', { changedAtMs: nowMs - hour })] }),
      'warning leftovers: left by killed commands: .stack/edit-1',
    ],
    ['a marker of nobody', withLook({ setUp: ['photos', 'gone'] }), 'warning markers: gone was set up here'],
    [
      'an old core',
      withLook({ core: { here: '1.9.0', shipped: '1.10.0' } }),
      'warning core: stacklets/core is version 1.9.0, and this program ships 1.10.0',
    ],
    ['a full disk', withRoom({ freeBytes: 1024 ** 2 }), 'error disk: only 1 MiB are free'],
    ['a disk that fills', withRoom({ freeBytes: 1024 ** 3 }), 'warning disk: only 1.0 GiB are free'],
    ['a disk of too many files', withRoom({ freeFiles: 5 }), 'warning disk: only 5 more files fit'],
    ['data that may not be written', withRoom({ isWritable: false }), 'error data: this user may not write'],
    [
      'data that is gone',
      withRoom({ isThere: false, at: '/home/ada' }),
      `error data: ${room.path} is not there, and photos was set up with data in it`,
    ],
    [
      'a clock behind the commit',
      withRepository({ headAtMs: nowMs + hour }),
      'error clock: the clock says 2026-11-21T03:00:00Z, and the last commit is of 2026-11-21T04:00:00Z',
    ],
    [
      'a clock behind the last run',
      withPlace({ lastRunAtMs: nowMs + hour }),
      'error clock: the clock says 2026-11-21T03:00:00Z, and the last run was at',
    ],
    [
      'a network that is gone',
      { ...well, engine: { ...engine, networks: ['bridge'] } },
      'error network: the shared network stack is gone',
    ],
    [
      'a port of another process',
      { ...well, listeners: [nginx] },
      'error ports: port 8080 of photos is taken by nginx (pid 12)',
    ],
    [
      'a port of a process that hides',
      { ...well, listeners: [{ ...nginx, process: null }] },
      'error ports: port 8080 of photos is taken by another process',
    ],
    [
      'a port of a foreign container',
      { ...well, engine: running({ name: 'proxy', project: 'proxy', instance: null, stacklet: null }) },
      'error ports: port 8080 of photos is taken by the container proxy, of the project proxy',
    ],
    [
      'a port of another stacklet',
      { ...well, engine: running({ name: 'stack-old', stacklet: 'old', ports: container.ports }) },
      'error ports: port 8080 of photos is taken by the container stack-old, of the stacklet old',
    ],
    [
      'a port of another instance',
      { ...well, engine: running({ instance: 'instance-2' }) },
      'error ports: port 8080 of photos is taken by the container stack-photos, of the stacklet photos',
    ],
    [
      'a container of nobody',
      { ...well, engine: running({ name: 'stack-old', stacklet: 'old', ports: [] }) },
      'warning containers: stack-old runs for this instance, and nothing declares that',
    ],
  ]

  it.each(cases)('%s', (_, facts, told) => {
    const found = notWell(facts)

    expect(complaints(facts).filter((words) => words.startsWith(told))).toHaveLength(1)
    expect(found.every(({ hint }) => hint !== null && hint !== '')).toBe(true)
  })
})

function withRoom(facts: Partial<typeof room>): Facts {
  return { ...well, rooms: [{ ...room, ...facts }] }
}

describe('what is as it should be is not', () => {
  const cases: readonly (readonly [name: string, facts: Facts])[] = [
    ['python3 and bash where nothing needs them', withPrograms({ python: null, bash: null })],
    ['a program that does not tell its version', withPrograms({ git: 'there' })],
    ['a git at work', withRepository({ lock: { path: '/x/index.lock', sinceMs: nowMs - 1000 } })],
    ['a remote that answers', withRepository({ remote: { name: 'origin', failure: null } })],
    ['no .stack/ yet', withLook({ entries: [] })],
    [
      'files of others, for root',
      withLook({ user: 0, entries: [...look.entries, entry('.stack/host', { owner: 5 })] }),
    ],
    ['a run under way', withLook({ lock: { pid: 7, isAlive: true, why: 'stack up', since: '03:00' } })],
    ['what a command is staging right now', withLook({ staged: [entry('.stack/edit-1')] })],
    ['a core that is newer', withLook({ core: { here: '1.1.0', shipped: '1.0.9' } })],
    ['no core', withLook({ core: { here: null, shipped: '1.0.0' } })],
    ['a disk that does not count files', withRoom({ freeFiles: null })],
    ['a clock that is a minute off', withRepository({ headAtMs: nowMs + 60_000 })],
    ['a port on another address', { ...well, listeners: [{ ...nginx, protocol: 'udp' }] }],
    ['its own container on its port', { ...well, engine: running({}), listeners: [nginx] }],
    [
      'its adopted container on its port',
      { ...well, engine: running({ instance: null, stacklet: null }), listeners: [nginx] },
    ],
    ['a helper of ours', { ...well, engine: running({ stacklet: 'old', isHelper: true, ports: [] }) }],
  ]

  it.each(cases)('%s', (_, facts) => {
    expect(complaints(facts)).toEqual([])
  })

  it('a network and a port that nothing has used yet', () => {
    const fresh = withPlace({ ledger: {}, look: { ...look, setUp: [] } })

    expect(complaints({ ...fresh, engine: { ...engine, networks: ['bridge'] } })).toEqual([])
  })

  it('a port of something that is declared stopped', () => {
    const stopped = desired([stacklet('photos', { state: 'stopped', services: { web: { port: 8080 } } })])

    expect(complaints({ ...withPlace({ desired: stopped }), listeners: [nginx] })).toEqual([])
  })
})

it('without an engine nobody is accused for what Docker serves', () => {
  const proxy = { ...nginx, process: { pid: 9, program: 'docker-proxy' } }

  expect(complaints({ ...well, engine: silent, listeners: [proxy] })).toEqual([
    'error engine: no Docker engine answers',
  ])
  expect(complaints({ ...well, engine: silent, listeners: [nginx] })).toHaveLength(2)
})

it('a repository that git does not read is told once', () => {
  const problem = new StackError('STACK_GIT_FAILED', 'not in a git repository', { hint: 'git init' })
  const facts = withPlace({ desired: null, problem, repository: { ...repository, state: 'none' } })

  expect(complaints(facts)).toEqual(['error repository: /home/ada/home is in no git repository'])
})

describe('a silent engine is started by --fix', () => {
  const mendsOf = (facts: Partial<Facts>) => notWell({ ...well, engine: silent, ...facts })[0]

  it('where this machine has none and can have one', () => {
    const start = { kind: 'start-engine', folder: '/root/engine', isUnpacked: false }

    expect(mendsOf({})).toMatchObject({ mends: [start], hint: expect.stringContaining('--fix') })
    const ours = { ...silent, address: privateEngine.address, isChosen: true }
    expect(mendsOf({ engine: ours })).toMatchObject({ mends: [start] })
  })

  it.each<readonly [string, Partial<Facts>, RegExp]>([
    ['where another one was chosen', { engine: { ...silent, isChosen: true } }, /start it/],
    ['where it is shut to this user', { engine: { ...silent, why: 'EACCES' } }, /group docker/],
    ['where it runs already', { privateEngine: { ...privateEngine, isRunning: true } }, /export DOCKER_HOST/],
    ['where there can be none', { privateEngine: { ...privateEngine, obstacle: 'only root can' } }, /only root can/],
  ])('not %s', (_, facts, hint) => {
    expect(mendsOf(facts)).toMatchObject({ mends: [], hint: expect.stringMatching(hint) })
  })
})

it('Compose is where the private engine has it', () => {
  const compose = { kind: 'missing', message: 'not installed', hint: 'install it' } as const
  const [found] = notWell({ ...well, compose, privateEngine: { ...privateEngine, isUnpacked: true } })

  expect(found?.hint).toMatch(/export DOCKER_HOST/)
})

it('a data folder that is used for the first time is made, and nothing that was there before', () => {
  const rooms = [{ ...room, isThere: false, at: '/home/ada' }]
  const fresh = { ...withLook({ setUp: [] }), rooms }

  expect(notWell(fresh)).toMatchObject([{ level: 'warning', mends: [{ kind: 'make-folder', path: room.path }] }])
  expect(notWell({ ...well, rooms })).toMatchObject([{ level: 'error', mends: [] }])
})
