import { allChecks } from '../../reconciler/loop/doctor/checks/all-checks.ts'
import type { Facts, InstanceFacts } from '../../reconciler/loop/doctor/facts.ts'
import type { Check } from '../../reconciler/model/check.ts'
import { StackError } from '../../reconciler/model/errors.ts'
import type { AnsweringEngine, SilentEngine } from '../../reconciler/ports/docker-probe.ts'
import type { InstanceLook, StateEntry } from '../../reconciler/ports/instance-probe.ts'
import type { RepositoryCondition } from '../../reconciler/ports/repository-probe.ts'
import { applied } from './actual.ts'
import { desired } from './desired.ts'
import { stacklet } from './intent.ts'

export const nowMs = Date.parse('2026-11-21T03:00:00Z')
const gibibyte = 1024 ** 3

/** One stacklet that is declared running and publishes a port. */
const photos = desired([
  stacklet('photos', {
    services: { web: { port: 8080, containerName: 'stack-photos' } },
    env: { FILES: '{data_dir}/photos' },
  }),
])

export const engine: AnsweringEngine = {
  kind: 'answers',
  address: 'unix:///run/docker.sock',
  version: '28.2.2',
  api: '1.50',
  dataRoot: '/var/lib/docker',
  networks: ['bridge', 'stack'],
  running: [],
}

export const silent: SilentEngine = {
  kind: 'silent',
  address: 'unix:///run/docker.sock',
  message: 'no Docker engine answers',
  hint: 'start it',
  why: 'ENOENT',
  isChosen: false,
}

export const privateEngine: Facts['privateEngine'] = {
  folder: '/root/engine',
  address: 'unix:///root/engine/run/docker.sock',
  isUnpacked: false,
  isRunning: false,
  exports: 'export DOCKER_HOST=unix:///root/engine/run/docker.sock',
  obstacle: null,
}

export const repository: RepositoryCondition = {
  state: 'committed',
  problem: null,
  person: { name: 'Ada', email: 'ada@home.internal' },
  headAtMs: nowMs - 1000,
  lock: null,
  notIgnored: [],
  tracked: [],
  remote: null,
}

export function entry(path: string, facts: Partial<StateEntry> = {}): StateEntry {
  return { path, kind: 'file', mode: 0o600, owner: 1000, changedAtMs: nowMs - 1000, ...facts }
}

export const look: InstanceLook = {
  user: 1000,
  entries: [entry('.stack', { kind: 'folder', mode: 0o700 }), entry('.stack/secrets.toml')],
  staged: [],
  unreadable: [],
  halfEdit: null,
  lock: null,
  setUp: ['photos'],
  directories: ['photos'],
  core: { here: '1.0.0', shipped: '1.0.0' },
}

const place: InstanceFacts = {
  folder: '/home/ada/home',
  desired: photos,
  problem: null,
  instance: 'instance-1',
  ledger: applied(photos).ledger,
  brokenLedger: [],
  look,
  repository,
  lastRunAtMs: nowMs - 1000,
}

/** A host that lacks nothing. */
export const well: Facts = {
  nowMs,
  programs: { node: '20.20.2', git: '2.39.5', bash: '5.2.15', python: '3.11.2', flock: '2.38.1' },
  engine,
  compose: { kind: 'works', version: '2.26.1', program: '/usr/lib/docker/cli-plugins/docker-compose' },
  privateEngine,
  listeners: [],
  rooms: [photos.settings.core.dataDir, place.folder].map((path) => ({
    path,
    at: path,
    isThere: true,
    isWritable: true,
    freeBytes: 50 * gibibyte,
    freeFiles: 1_000_000,
  })),
  place: { kind: 'instance', ...place },
}

/** The same host, except for what is said of its instance. */
export function withPlace(facts: Partial<InstanceFacts>): Facts {
  return { ...well, place: { kind: 'instance', ...place, ...facts } }
}

export function withLook(facts: Partial<InstanceLook>): Facts {
  return withPlace({ look: { ...look, ...facts } })
}

export function withRepository(facts: Partial<RepositoryCondition>): Facts {
  return withPlace({ repository: { ...repository, ...facts } })
}

export const nowhere: Facts['place'] = {
  kind: 'none',
  problem: new StackError('STACK_NO_INSTANCE', 'there is no instance here', { hint: 'go to it' }),
}

/** `error ports: port 8080 of photos is taken by nginx (pid 12)`, for all that is not well. */
export function complaints(facts: Facts): readonly string[] {
  return notWell(facts).map(({ name, level, message }) => `${level} ${name}: ${message}`)
}

export function notWell(facts: Facts): readonly Check[] {
  return allChecks(facts).filter(({ level }) => level !== 'ok')
}
