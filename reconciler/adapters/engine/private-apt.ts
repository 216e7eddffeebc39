import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { StackError } from '../../model/errors.ts'
import { type Ran, run } from '../process/run.ts'

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** An apt that reads this machine's proxy settings and keys, and writes only below its own folder. */
export interface PrivateApt {
  update(): Promise<void>
  /** Downloads packages, named `name/suite`, into a folder. What is already there and complete is not fetched again. */
  download(packages: readonly string[], into: string): Promise<void>
}

export interface PrivateAptOptions {
  readonly folder: string
  readonly mirror: string
  readonly suites: readonly string[]
  readonly signal?: AbortSignal | undefined
  readonly onLine?: ((line: string) => void) | undefined
}

export async function privateApt({ folder, mirror, suites, signal, onLine }: PrivateAptOptions): Promise<PrivateApt> {
  for (const name of ['lists/partial', 'cache/archives/partial', 'state', 'preferences.d']) {
    await mkdir(join(folder, name), { recursive: true })
  }
  const config = join(folder, 'apt.conf')
  await writeFile(config, aptConfig(folder))
  await writeFile(join(folder, 'sources.list'), suites.map((suite) => sourceLine(mirror, suite)).join(''))
  await writeFile(join(folder, 'status'), '')

  async function apt(words: readonly string[], cwd: string): Promise<void> {
    const say = onLine && (({ text }: { readonly text: string }) => onLine(text))
    const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' }
    const ran = await runTool(['apt-get', '-c', config, '-q', ...words], { cwd, env, signal, onLine: say })
    if (ran.exitCode !== 0) throw failed(`apt-get ${words[0]} failed`, ran)
  }

  return {
    update: () => apt(['update'], folder),
    download: (packages, into) => apt(['download', ...packages], into),
  }
}

/** Every path of ours; and none of the machine's hooks, which would tidy its own cache. */
function aptConfig(folder: string): string {
  return `#clear APT::Update;
#clear DPkg::Post-Invoke;
Dir::Etc::SourceList "${folder}/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "${folder}/preferences.d";
Dir::State "${folder}/state";
Dir::State::Lists "${folder}/lists";
Dir::State::Status "${folder}/status";
Dir::Cache "${folder}/cache";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::PDiffs "false";
Acquire::Retries "3";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
`
}

function sourceLine(mirror: string, suite: string): string {
  return `deb [signed-by=${keyring}] ${mirror} ${suite} main\n`
}

/** Runs a tool of Debian's; a machine without it cannot get an engine this way. */
export async function runTool(argv: readonly string[], options: Parameters<typeof run>[1]): Promise<Ran> {
  try {
    return await run(argv, options)
  } catch (cause) {
    throw new StackError(
      'STACK_ENGINE_UNREACHABLE',
      `a private engine needs ${argv[0]}, which is not on this machine`,
      {
        hint: 'use Debian or Ubuntu, or install Docker and Compose v2 yourself',
        terminal: true,
        cause,
      },
    )
  }
}

export function failed(what: string, ran: Ran): StackError {
  if (ran.cancelled)
    return new StackError('STACK_CANCELLED', `${what}: cancelled`, { hint: 'run it again; it goes on where it was' })
  const output = `${ran.stdout}\n${ran.stderr}`.split('\n').filter((line) => line.trim() !== '')
  return new StackError('STACK_ENGINE_UNREACHABLE', `${what}: ${output.at(-1) ?? 'it said nothing'}`, {
    hint: 'look at the lines above; with the network back, run it again: it goes on where it was',
    output: output.slice(-10),
  })
}
