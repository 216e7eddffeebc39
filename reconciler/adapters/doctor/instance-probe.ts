import { chmod, lstat, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { StackError } from '../../model/errors.ts'
import { isStackletId } from '../../model/names.ts'
import type { InstanceLook, InstanceProbe, StateEntry } from '../../ports/instance-probe.ts'
import { isRunning } from './is-running.ts'
import { shippedVersion, versionIn } from './shipped-core.ts'
import { namesIn, stagedFiles } from './staged-files.ts'
import { unreadableRecords } from './unreadable-records.ts'

export interface InstanceProbeOptions {
  /** Absolute directory of desired/ and .stack/. */
  readonly instance: string
  /** Absolute directory whose stacklets/ are used; often the same. */
  readonly root: string
  /** Where this machine keeps temporary files. */
  readonly temporary: string
}

export function instanceProbe(options: InstanceProbeOptions): InstanceProbe {
  const { instance } = options
  const at = (path: string) => (path.startsWith('/') ? path : join(instance, path))
  return {
    look: () => look(options),
    setMode: (path, mode) => naming('change', path, () => chmod(at(path), mode)),
    makeFolder: (path) => naming('make', path, async () => void (await mkdir(at(path), { recursive: true }))),
    removeStaged: (path) => naming('remove', path, () => rm(at(path), { recursive: true, force: true })),
  }
}

async function look({ instance, root, temporary }: InstanceProbeOptions): Promise<InstanceLook> {
  const state = await namesIn(join(instance, '.stack'))
  const directories = (await namesIn(join(root, 'stacklets'))).filter(isStackletId).sort()
  const deeper = await Promise.all(
    ['compose', 'ledger', 'journal'].map(async (folder) =>
      (await namesIn(join(instance, '.stack', folder))).map((name) => `.stack/${folder}/${name}`),
    ),
  )
  const own = ['.stack', ...state.map((name) => `.stack/${name}`), ...deeper.flat()]
  const env = directories.map((id) => `stacklets/${id}/.env`)
  return {
    user: process.getuid?.() ?? 0,
    entries: await entriesAt(instance, [...own, ...env]),
    unreadable: await unreadableRecords(instance),
    staged: await entriesAt(instance, await stagedFiles(instance, temporary)),
    halfEdit: await halfEdit(instance),
    lock: await lockLook(instance),
    setUp: [...new Set(state.flatMap(setUpBy))].sort(),
    directories,
    core: {
      here: versionIn(await textAt(join(root, 'stacklets/core/stacklet.toml'))),
      shipped: await shippedVersion(),
    },
  }
}

async function entriesAt(instance: string, paths: readonly string[]): Promise<readonly StateEntry[]> {
  const found = await Promise.all(paths.map((path) => entryAt(instance, path)))
  return found.filter((entry) => entry !== null)
}

async function entryAt(instance: string, path: string): Promise<StateEntry | null> {
  const stats = await lstat(path.startsWith('/') ? path : join(instance, path)).catch(() => null)
  if (stats === null) return null
  const kind = stats.isDirectory() ? 'folder' : 'other'
  return {
    path,
    kind: stats.isFile() ? 'file' : kind,
    mode: stats.mode & 0o777,
    owner: stats.uid,
    changedAtMs: stats.mtimeMs,
  }
}

/** What a command was about to commit and died over. A note that was cut short says that nothing was written yet. */
async function halfEdit(instance: string): Promise<string | null> {
  const [, editor] = /^pid (\d+) /.exec(await textAt(join(instance, '.stack/edit.lock'))) ?? []
  if (isRunning(Number(editor))) return null
  try {
    const { path } = JSON.parse(await textAt(join(instance, '.stack/edit'))) as { path?: unknown }
    return typeof path === 'string' ? path : null
  } catch {
    return null
  }
}

async function lockLook(instance: string): Promise<InstanceLook['lock']> {
  try {
    const { pid, why, since } = JSON.parse(await textAt(join(instance, '.stack/lock')))
    return { pid: Number(pid), isAlive: isRunning(Number(pid)), why: String(why), since: String(since) }
  } catch {
    return null
  }
}

const suffix = /\.(?:setup-done|setup-progress|services)$/

function setUpBy(name: string): readonly string[] {
  const id = suffix.test(name) ? name.replace(suffix, '') : ''
  return isStackletId(id) ? [id] : []
}

function textAt(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}

async function naming(act: string, path: string, work: () => Promise<void>): Promise<void> {
  await work().catch((cause: NodeJS.ErrnoException) => {
    throw new StackError('STACK_FILES_FAILED', `cannot ${act} ${path}: ${cause.code ?? cause.message}`, {
      hint: `let the user that runs stack own it: see ls -ld ${path}`,
      cause,
    })
  })
}
