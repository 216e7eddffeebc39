import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readSource } from './support/architecture/read-source.ts'
import { violationsOf } from './support/architecture/violations.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const rooms = ['reconciler', 'cli', 'demo', 'bench', 'sdk', 'watchers', 'web']

/** What the table forbids and the program does all the same. It may only shrink. */
const standing = [
  // A hook's own process: what `ctx.shell` starts gets the environment as the hook left it.
  'sdk/runner/context.ts uses process.env',
]

describe('the sources', { timeout: 30_000 }, () => {
  const there = readdirSync(root)
  const paths = rooms.filter((room) => there.includes(room)).flatMap(sourcesIn)

  it('are seen, all of them', () => {
    expect(paths.length).toBeGreaterThanOrEqual(100)
    expect(new Set(paths.map((path) => path.split('/')[0]))).toEqual(
      new Set(rooms.filter((room) => there.includes(room))),
    )
  })

  it('import, use and are only what their room allows', () => {
    const found = paths.flatMap((path) => violationsOf(readSource(path, readFileSync(`${root}/${path}`, 'utf8'))))

    expect(found).toEqual(standing)
  })
})

describe('what a room does not allow', () => {
  it.each([
    ['reconciler/lib/a.ts', "import { b } from '../model/b.ts'", 'imports ../model/b.ts'],
    ['reconciler/lib/a.ts', "import { readFile } from 'node:fs/promises'", 'imports node:fs/promises'],
    ['reconciler/model/a.ts', "import { z } from 'zod'", 'imports zod'],
    ['reconciler/model/a.ts', "import '../plan/step.ts'", 'imports ../plan/step.ts'],
    ['reconciler/definitions/a.ts', "import type { Step } from '../plan/step.ts'", 'imports ../plan/step.ts'],
    ['reconciler/definitions/deep/a.ts', "import { gate } from '../../plan/gate.ts'", 'imports ../../plan/gate.ts'],
    ['reconciler/plan/rules/a.ts', "import {\n  b,\n} from '../../definitions/b.ts'", 'imports ../../definitions/b.ts'],
    ['reconciler/plan/a.ts', "import { createHash } from 'node:crypto'", 'imports node:crypto'],
    ['reconciler/plan/a.ts', "export { b } from '../ports/b.ts'", 'imports ../ports/b.ts'],
    ['reconciler/plan/a.ts', "export type { B } from '../loop/b.ts'", 'imports ../loop/b.ts'],
    ['reconciler/plan/a.ts', "export * from '../loop/b.ts'", 'imports ../loop/b.ts'],
    ['reconciler/plan/a.ts', "type B = import('../loop/b.ts').B", 'imports ../loop/b.ts'],
    ['reconciler/ports/a.ts', "import type { Plan } from '../plan/step.ts'", 'imports ../plan/step.ts'],
    ['reconciler/ports/a.ts', 'export const wait = 3', 'is a port and holds more than types'],
    ['reconciler/ports/a.ts', "import { Secret } from '../model/secret.ts'", 'is a port and holds more than types'],
    ['reconciler/loop/a.ts', "import { run } from '../adapters/process/run.ts'", 'imports ../adapters/process/run.ts'],
    ['reconciler/loop/a.ts', "import { join } from 'node:path'", 'imports node:path'],
    ['reconciler/loop/a.ts', "import { wireWorld } from '../wiring.ts'", 'imports ../wiring.ts'],
    ['reconciler/adapters/git/a.ts', "import { b } from '../docker/b.ts'", 'imports ../docker/b.ts'],
    ['reconciler/adapters/process/a.ts', "import { b } from '../git/b.ts'", 'imports ../git/b.ts'],
    [
      'reconciler/adapters/git/a.ts',
      "import { makePlan } from '../../plan/make-plan.ts'",
      'imports ../../plan/make-plan.ts',
    ],
    ['reconciler/adapters/git/a.ts', "import Docker from 'dockerode'", 'imports dockerode'],
    ['reconciler/adapters/new/a.ts', '', 'is in no room that house.md knows'],
    ['reconciler/adapters/a.ts', '', 'is in no room that house.md knows'],
    ['reconciler/utils/a.ts', '', 'is in no room that house.md knows'],
    ['reconciler/other.ts', '', 'is in no room that house.md knows'],
    [
      'cli/a.ts',
      "import { makePlan } from '../reconciler/plan/make-plan.ts'",
      'imports ../reconciler/plan/make-plan.ts',
    ],
    ['cli/a.ts', "import type { Voice } from '../demo/voice.ts'", 'imports ../demo/voice.ts'],
    ['sdk/a.ts', "import { StackError } from '../reconciler/index.ts'", 'imports ../reconciler/index.ts'],
    ['watchers/a.ts', "import { run } from '../cli/program.ts'", 'imports ../cli/program.ts'],
    ['demo/a.ts', "import { b } from '../somewhere/b.ts'", 'imports ../somewhere/b.ts'],
    ['reconciler/loop/a.ts', "await import('../plan/b.ts')", 'imports lazily ../plan/b.ts'],
    ['reconciler/loop/a.ts', "require('../adapters/git/b.ts')", 'imports lazily ../adapters/git/b.ts'],
    ['reconciler/adapters/git/a.ts', "await import('./b.ts')", 'imports lazily ./b.ts'],
    ['reconciler/adapters/git/a.ts', "await import('pino')", 'imports lazily pino'],
    ['reconciler/adapters/git/a.ts', 'await import(name)', 'imports a module that only a run can name'],
    ['reconciler/wiring.ts', "await import('./adapters/' + name)", 'imports a module that only a run can name'],
    ['cli/a.ts', "await import('../reconciler/adapters/git/b.ts')", 'imports lazily ../reconciler/adapters/git/b.ts'],
    ['reconciler/plan/a.ts', 'const now = Date.now()', 'uses Date.now'],
    ['reconciler/plan/a.ts', 'const clock = Date.now', 'uses Date.now'],
    ['reconciler/loop/a.ts', 'const now = new Date()', 'uses new Date()'],
    ['reconciler/loop/a.ts', 'const now = Date()', 'uses Date()'],
    ['reconciler/lib/a.ts', 'const luck = Math.random()', 'uses Math.random'],
    ['reconciler/index.ts', "const home = process.env['HOME']", 'uses process.env'],
    ['reconciler/loop/a.ts', 'const { env } = process', 'uses process.env'],
    ['reconciler/loop/a.ts', "const all = globalThis.process['env']", 'uses process.env'],
    ['reconciler/adapters/process/a.ts', 'run(words, { shell: true })', 'uses shell: true'],
    ['demo/a.ts', "run(words, { 'shell': true })", 'uses shell: true'],
    ['reconciler/loop/a.ts', 'export class Queue {}', 'has the class Queue'],
    ['reconciler/adapters/git/a.ts', 'const x = class extends EventEmitter {}', 'has the class a class without a name'],
  ])('is seen: in %s, %s', (path, text, sentence) => {
    expect(violationsOf(readSource(path, text))).toEqual([`${path} ${sentence}`])
  })

  it.each([
    ['reconciler/lib/a.ts', "import { Cron } from 'croner'"],
    ['reconciler/plan/rules/a.ts', "import { b } from '../make-plan.ts'"],
    ['reconciler/ports/a.ts', "import type { Secret } from '../model/secret.ts'\nexport interface A {}"],
    ['reconciler/adapters/git/a.ts', "import { run } from '../process/run.ts'"],
    ['reconciler/adapters/git/a.ts', "await import('simple-git')"],
    ['reconciler/wiring.ts', "await import('./adapters/git/git-source.ts')"],
    ['cli/main.ts', "await import('../reconciler/adapters/host/stacklet-ids.ts')"],
    ['cli/a.ts', "await import('./commands/up.ts')"],
    ['demo/a.ts', "import { run } from '../reconciler/adapters/process/run.ts'"],
    ['reconciler/loop/a.ts', 'const text = new Date(nowMs).toISOString()'],
    ['reconciler/loop/a.ts', "const text = `import { x } from '../adapters/git/b.ts'` // Date.now()"],
    ['reconciler/adapters/clock/a.ts', 'const now = Date.now()'],
    ['reconciler/model/a.ts', 'export class NotThere extends StackError {}'],
  ])('is not: in %s, %s', (path, text) => {
    expect(violationsOf(readSource(path, text))).toEqual([])
  })
})

function sourcesIn(folder: string): readonly string[] {
  const inside = readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' })
  const sources = inside.filter((path) => path.endsWith('.ts') && !path.includes('node_modules'))
  return sources.sort().map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
}
