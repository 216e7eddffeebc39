import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { type Names, shippedNames } from './choose-names.ts'
import { desiredFile, type Example, greetingIn, withGreeting } from './example.ts'
import { type Git, gitIn } from './git.ts'
import { packageRoot } from './places.ts'

/** The demo's instance: a copy of the shipped example, in a git repository of its own. */
export interface ScratchCopy {
  readonly folder: string
  /** Puts the example in place of what was copied before, and commits. */
  readonly replace: (example: Example, names: Names) => Promise<void>
  /** Commits what is not committed; false when there is nothing. */
  readonly commit: (message: string) => Promise<boolean>
  readonly head: () => Promise<string>
  readonly greeting: () => Promise<string>
  /** Edits one line of desired.toml, and leaves it uncommitted. */
  readonly setGreeting: (text: string) => Promise<void>
  /** The lines that are edited and not committed, with - and + before them. */
  readonly editedLines: () => Promise<readonly string[]>
}

export function scratchCopy(folder: string, env: NodeJS.ProcessEnv): ScratchCopy {
  const git = gitIn(folder, env)
  const desired = join(folder, desiredFile)
  const commit = (message: string) => commitAll(git, message)
  return {
    folder,
    commit,
    async replace(example, names) {
      await git('init', '--quiet', '--template=')
      await removeTracked(folder, git)
      await writeFile(join(folder, '.gitignore'), ignored)
      for (const [path, text] of Object.entries(example.files)) await copyOne(folder, path, text, names)
      await commit('The shipped example')
    },
    head: () => git('rev-parse', '--short', 'HEAD'),
    greeting: async () => greetingIn(await readFile(desired, 'utf8')),
    setGreeting: async (text) => writeFile(desired, withGreeting(await readFile(desired, 'utf8'), text)),
    editedLines: async () => {
      const diff = await git('diff', '--no-color', '--no-ext-diff', '--unified=0')
      return diff.split('\n').filter((line) => /^[-+](?![-+])/.test(line))
    },
  }
}

const ignored = `.stack/
.env
/data/
/demo.json
`

/** Files only: folders that containers have mounted stay the same folders. */
async function removeTracked(folder: string, git: Git): Promise<void> {
  const tracked = (await git('ls-files', '-z')).split('\0').filter((path) => path !== '')
  for (const path of tracked) await rm(join(folder, path), { force: true })
}

async function copyOne(folder: string, path: string, text: string, names: Names): Promise<void> {
  const target = join(folder, path)
  const adapted = adapt(path, text, join(folder, 'data'), names)
  await mkdir(dirname(target), { recursive: true })
  await copyFile(join(packageRoot, path), target)
  if (adapted !== text) await writeFile(target, adapted)
}

/** Data stays inside of the copy; names and port are those that are free here. */
function adapt(path: string, text: string, data: string, { project, port }: Names): string {
  if (path === 'stack.toml') return text.replace(/^data_dir = "[^"\n]*"/m, () => `data_dir = ${JSON.stringify(data)}`)
  if (!path.startsWith('stacklets/hello/')) return text
  return text.replaceAll(shippedNames.project, project).replaceAll(`${shippedNames.port}`, `${port}`)
}

async function commitAll(git: Git, message: string): Promise<boolean> {
  await git('add', '--all')
  if ((await git('status', '--porcelain')) === '') return false
  await git('commit', '--quiet', '--message', message)
  return true
}
