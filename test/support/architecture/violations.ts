import { posix } from 'node:path'
import type { Import, SourceFacts } from './read-source.ts'

/** Who may import whom, besides itself: rooms of ours, and packages. `node:` stands for everything that Node brings. */
interface Room {
  readonly rooms: readonly string[]
  readonly packages: readonly string[]
}

const everything = ['lib', 'model', 'definitions', 'plan', 'ports', 'loop', 'adapters', 'wiring', 'index']

const table: Readonly<Record<string, Room>> = {
  lib: { rooms: [], packages: ['node:crypto', 'croner', 'semver', 'diff', 'json-p3', '@balena/dockerignore'] },
  model: { rooms: ['lib'], packages: [] },
  definitions: {
    rooms: ['lib', 'model'],
    packages: ['smol-toml', 'zod', 'yaml', 'toml-eslint-parser', '@decimalturn/toml-patch', 'croner'],
  },
  plan: { rooms: ['lib', 'model'], packages: [] },
  ports: { rooms: ['lib', 'model'], packages: [] },
  loop: { rooms: ['lib', 'model', 'definitions', 'plan', 'ports'], packages: [] },
  wiring: { rooms: everything, packages: [] },
  index: { rooms: everything, packages: [] },
  watchers: { rooms: ['index'], packages: ['node:', 'chokidar', 'croner'] },
  web: { rooms: ['index'], packages: ['node:', 'fastify', '@fastify/'] },
  sdk: { rooms: [], packages: ['node:'] },
  cli: { rooms: ['index', 'watchers', 'web', 'sdk'], packages: ['node:', 'commander'] },
}

/** What each adapter wraps, or reads and writes its files with. */
const packagesOfAdapters: Readonly<Record<string, readonly string[]>> = {
  caddy: ['write-file-atomic', 'zod'],
  clock: [],
  doctor: [],
  docker: ['dockerode', 'yaml', 'zod'],
  engine: ['write-file-atomic'],
  files: ['zod', 'write-file-atomic'],
  good: ['write-file-atomic'],
  git: ['simple-git', 'write-file-atomic'],
  hooks: ['esbuild', 'smol-toml', 'write-file-atomic'],
  host: ['zod', 'write-file-atomic'],
  journal: ['zod', 'write-file-atomic'],
  lock: ['write-file-atomic'],
  log: ['pino', 'pino-pretty'],
  probe: ['json-p3'],
  registry: ['zod'],
  updates: ['zod', 'write-file-atomic'],
  process: ['execa'],
  secrets: ['smol-toml', 'write-file-atomic'],
  instance: ['write-file-atomic'],
  settings: ['smol-toml', 'write-file-atomic'],
}

/** Programs around the program: they may import anything, and nothing of the program imports them. */
const outside = ['demo', 'bench', 'test']

/** Where the program meets the world: the only places that ask for the time, for chance and for the environment. */
const edge = /^(reconciler\/adapters|cli|demo|bench)\//

/** Every way in which this file is not as house.md says, one sentence each. */
export function violationsOf(source: SourceFacts): readonly string[] {
  const sentences = [...importsOf(source), ...usesOf(source), ...classesOf(source), ...codeOf(source)]
  return sentences.map((sentence) => `${source.path} ${sentence}`)
}

function importsOf({ path, imports }: SourceFacts): readonly string[] {
  const room = roomOf(path)
  if (room === null) return ['is in no room that house.md knows']
  return imports.flatMap((one) => {
    const word = one.kind === 'dynamic' ? 'imports lazily' : 'imports'
    if (one.from === null) return ['imports a module that only a run can name']
    if (!isAllowed(path, room, one, one.from)) return [`${word} ${one.from}`]
    return one.kind === 'dynamic' && !mayBeLazy(path, one.from) ? [`imports lazily ${one.from}`] : []
  })
}

function isAllowed(path: string, room: string, { kind }: Import, from: string): boolean {
  if (!from.startsWith('.')) return isAllowedPackage(room, from)
  const target = posix.join(posix.dirname(path), from)
  const other = roomOf(target)
  if (other === null) return false
  if (room === other || outside.includes(room)) return true
  if (path === 'cli/main.ts' && kind === 'dynamic' && other.startsWith('adapters/')) return true
  return roomsFor(room).includes(other.startsWith('adapters/') && !room.startsWith('adapters/') ? 'adapters' : other)
}

function isAllowedPackage(room: string, name: string): boolean {
  if (outside.includes(room)) return true
  const allowed = room.startsWith('adapters/')
    ? ['node:', ...(packagesOfAdapters[room.slice('adapters/'.length)] ?? [])]
    : (table[room]?.packages ?? [])
  return allowed.some((one) => name === one || (/[:/]$/.test(one) && name.startsWith(one)))
}

function roomsFor(room: string): readonly string[] {
  return room.startsWith('adapters/') ? ['lib', 'model', 'ports', 'adapters/process'] : (table[room]?.rooms ?? [])
}

/** An adapter is a room of its own, and so are the two files that may see everything. */
function roomOf(path: string): string | null {
  const [top = '', room = '', part = '', ...deeper] = path.split('/')
  if (top !== 'reconciler') return top in table || outside.includes(top) ? top : null
  if (room === 'adapters') return part in packagesOfAdapters && deeper.length > 0 ? `adapters/${part}` : null
  const name = room.replace(/\.ts$/, '')
  return name in table && (part !== '') !== room.endsWith('.ts') ? name : null
}

/** What is slow to load is loaded when it is needed: our own where things are put together, a package in its adapter. */
function mayBeLazy(path: string, from: string): boolean {
  if (path === 'reconciler/wiring.ts' || path.startsWith('cli/')) return true
  return path.startsWith('reconciler/adapters/') && !from.startsWith('.')
}

function usesOf({ path, uses }: SourceFacts): readonly string[] {
  return uses.filter((use) => use === 'shell: true' || !edge.test(path)).map((use) => `uses ${use}`)
}

/** Only what is thrown and what hides its value has a reason to be a class. */
function classesOf({ classes }: SourceFacts): readonly string[] {
  const needless = classes.filter(({ name, parent }) => name !== 'Secret' && !/Error$/.test(parent ?? ''))
  return needless.map(({ name }) => `has the class ${name}`)
}

/** A port is a promise and nothing else. */
function codeOf({ path, isCode }: SourceFacts): readonly string[] {
  return path.startsWith('reconciler/ports/') && isCode ? ['is a port and holds more than types'] : []
}
