import { realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { StackError } from '../../model/errors.ts'

/** Where an instance lies: its own folder, and the root that its stacklets come from. Usually the same. Absolute, links resolved. */
export interface InstancePlace {
  readonly instance: string
  readonly root: string
}

/**
 * The root is the nearest folder upwards that has `stacklets/`, or else `desired/`. `STACK_DIR` names another instance, whose
 * own `stacklets/` count only when there are none upwards. One that does not exist is an error, never a silent fall-back.
 */
export async function findInstance(cwd: string, stackDir: string | undefined): Promise<InstancePlace> {
  const above = await nearest(cwd)
  if (stackDir === undefined || stackDir === '') {
    if (above === null) throw noInstance(cwd)
    return { instance: await realpath(above), root: await realpath(above) }
  }
  const named = resolve(cwd, stackDir.replace(/^~(?=\/|$)/, homedir()))
  if (!(await isFolder(named))) throw noStackDir(named)
  const instance = await realpath(named)
  const root = above ?? ((await isFolder(join(instance, 'stacklets'))) ? instance : null)
  if (root === null) throw noInstance(cwd)
  return { instance, root: await realpath(root) }
}

async function nearest(from: string): Promise<string | null> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (await isFolder(join(folder, 'stacklets'))) return folder
    if (await isFolder(join(folder, 'desired'))) return folder
    if (dirname(folder) === folder) return null
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

function noInstance(cwd: string): StackError {
  return new StackError('STACK_NO_INSTANCE', `there is no instance here: no stacklets/ in ${cwd} or above it`, {
    hint: 'go to the folder of your instance, make one with stack init, or point STACK_DIR at it',
    terminal: true,
  })
}

function noStackDir(path: string): StackError {
  return new StackError('STACK_NO_INSTANCE', `STACK_DIR names ${path}, which is no folder`, {
    hint: 'correct STACK_DIR, or unset it',
    terminal: true,
  })
}
