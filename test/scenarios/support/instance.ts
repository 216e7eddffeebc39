import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Ran, run } from '../../../reconciler/adapters/process/run.ts'
import { type Docker, dockerClient } from '../../engine/images.ts'
import { testEngine } from '../../engine/test-engine.ts'

const main = join(import.meta.dirname, '../../../dist/cli/main.js')

/** What a command answered. `json` is its stdout, parsed. */
export interface Answer {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  // biome-ignore lint/suspicious/noExplicitAny: the documents of the contract, looked into field by field
  readonly json: any
}

/** A real instance in a folder of its own: a git repository, and the built program run in it as its user would. */
export interface Instance {
  readonly folder: string
  readonly docker: Docker
  /** The complete environment of its commands. */
  readonly env: Readonly<Record<string, string>>
  readonly write: (path: string, text: string | Uint8Array) => Promise<void>
  readonly remove: (path: string) => Promise<void>
  readonly read: (path: string) => Promise<string>
  readonly commit: (message?: string) => Promise<string>
  readonly git: (...words: string[]) => Promise<string>
  readonly stack: (...words: string[]) => Promise<Answer>
  /** The same with other variables; null takes one away. */
  readonly stackWith: (env: Readonly<Record<string, string | null>>, ...words: string[]) => Promise<Answer>
}

export interface InstanceOptions {
  /** Registers the clean-up; at the end of the test, unless told otherwise (`afterAll`). */
  readonly onEnd?: (cleanUp: () => Promise<void>) => void
  /** The environment of an engine of the test's own, whose containers go when it does. Default: the one that all tests share. */
  readonly engineEnv?: Readonly<Record<string, string>>
}

/** Makes an instance with these files, uncommitted. Everything it starts and writes is gone when the test ends. */
export async function makeInstance(
  files: Readonly<Record<string, string>>,
  { onEnd = onTestFinished, engineEnv }: InstanceOptions = {},
): Promise<Instance> {
  const folder = await mkdtemp(join(tmpdir(), 'stackloop-instance-'))
  const engine = engineEnv ?? testEngine().env
  const env: Record<string, string> = { ...engine, HOME: folder, NO_COLOR: '1', STACK_HOST: 'testhost' }
  const docker = dockerClient(engine)
  const git = async (...words: string[]): Promise<string> => {
    const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false']
    return orThrow(await run(['git', ...identity, ...words], { cwd: folder, env })).trim()
  }
  const stackWith: Instance['stackWith'] = async (changes, ...words) =>
    new Said(await run(commandLine(words), { cwd: folder, env: withChanges(env, changes) }))
  const instance: Instance = {
    folder,
    docker,
    env,
    git,
    stackWith,
    stack: (...words) => stackWith({}, ...words),
    read: (path) => readFile(join(folder, path), 'utf8'),
    remove: (path) => rm(join(folder, path), { recursive: true, force: true }),
    async write(path, text) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    },
    async commit(message = 'change') {
      await git('add', '--all')
      await git('commit', '--quiet', '--allow-empty', '--message', message)
      return git('rev-parse', 'HEAD')
    },
  }
  onEnd(() => (engineEnv === undefined ? removeInstance(instance) : removeFolder(folder)))
  await git('init', '--quiet', '--initial-branch', 'main')
  await instance.write('.gitignore', '.stack/\n.env\ndata/\n')
  await instance.write('stack.toml', `[core]\ndata_dir = "${folder}/data"\n`)
  for (const [path, text] of Object.entries(files)) await instance.write(path, text)
  return instance
}

/** How the built program is called. */
export function commandLine(words: readonly string[]): readonly string[] {
  return [process.execPath, main, ...words]
}

function withChanges(
  env: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const changed = Object.entries({ ...env, ...changes })
  return Object.fromEntries(changed.filter((entry): entry is [string, string] => entry[1] !== null))
}

/** Its containers and its folder. */
export async function removeInstance({ folder, docker }: Pick<Instance, 'folder' | 'docker'>): Promise<void> {
  const id = await readFile(join(folder, '.stack/instance-id'), 'utf8').catch(() => null)
  if (id !== null) {
    const containers = await docker(['ps', '--all', '--quiet', '--filter', `label=stack.instance=${id.trim()}`])
    if (containers !== '') await docker(['rm', '--force', '--volumes', ...containers.split('\n')])
  }
  await removeFolder(folder)
}

async function removeFolder(folder: string): Promise<void> {
  if (process.env['STACK_KEEP_FAILED'] === undefined) await rm(folder, { recursive: true, force: true })
}

/** A class, so that an assertion which prints an answer does not parse what is no JSON. */
class Said implements Answer {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string

  constructor(ran: Ran) {
    this.code = ran.exitCode
    this.stdout = ran.stdout
    this.stderr = ran.stderr
  }

  get json(): unknown {
    return JSON.parse(this.stdout)
  }
}

function orThrow(ran: Ran): string {
  if (ran.exitCode !== 0) throw new Error(`exited ${ran.exitCode}: ${ran.stderr || ran.stdout}`)
  return ran.stdout
}
