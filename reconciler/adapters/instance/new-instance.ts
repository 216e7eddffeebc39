import { chmod, mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import writeFileAtomic from 'write-file-atomic'

import { isStackletId, type StackletId } from '../../model/names.ts'
import type { FolderLook, NewFile, NewInstance } from '../../ports/new-instance.ts'
import { naming, orAbsent } from './file-access.ts'
import { shippedStacklet } from './shipped-stacklet.ts'
import { takeState } from './take-state.ts'

export interface NewInstanceOptions {
  /** Absolute folder of the instance to be. */
  readonly folder: string
}

export function newInstance({ folder }: NewInstanceOptions): NewInstance {
  return {
    look: () => look(folder),
    shipped: shippedStacklet,
    write: async (files) => {
      for (const file of files) await naming(join(folder, file.path), 'write', () => write(folder, file))
    },
    makeState: () => naming(join(folder, '.stack'), 'make', () => makeState(folder)),
    takeState: () => naming(join(folder, '.famstack'), 'copy', () => takeState(folder)),
  }
}

async function look(folder: string): Promise<FolderLook> {
  const text = (path: string) =>
    naming(join(folder, path), 'read', () => orAbsent(() => readFile(join(folder, path), 'utf8')))
  const names = (path: string) =>
    naming(join(folder, path), 'read', async () => (await orAbsent(() => readdir(join(folder, path)))) ?? [])
  const [ours, theirs] = [await names('.stack'), await names('.famstack')]
  return {
    folder,
    settings: await text('stack.toml'),
    users: await text('users.toml'),
    desired: await text('desired/desired.toml'),
    gitignore: await text('.gitignore'),
    hasDesired: (await names('desired')).some((name) => name.endsWith('.toml')),
    stacklets: await stackletsIn(folder, await names('stacklets')),
    state: stateOf(ours, theirs),
    setUp: [...new Set([...ours, ...theirs].flatMap(setUpBy))].sort(),
  }
}

function stateOf(ours: readonly string[], theirs: readonly string[]): FolderLook['state'] {
  if (ours.some(isState)) return '.stack'
  return theirs.some(isState) ? '.famstack' : null
}

function isState(name: string): boolean {
  return name === 'secrets.toml' || setUpBy(name).length > 0
}

const marker = '.setup-done'

function setUpBy(name: string): readonly StackletId[] {
  const id = name.endsWith(marker) ? name.slice(0, -marker.length) : ''
  return isStackletId(id) ? [id] : []
}

async function stackletsIn(folder: string, names: readonly string[]): Promise<readonly StackletId[]> {
  const found = await Promise.all(
    names.map(async (name) => {
      const manifest = join(folder, 'stacklets', name, 'stacklet.toml')
      return isStackletId(name) && (await orAbsent(() => readFile(manifest))) !== null ? [name] : []
    }),
  )
  return found.flat().sort()
}

async function write(folder: string, { path, bytes, isExecutable }: NewFile): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFileAtomic(join(folder, path), Buffer.from(bytes), { mode: isExecutable ? 0o755 : 0o644 })
}

async function makeState(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await mkdir(join(folder, '.stack'), { recursive: true, mode: 0o700 })
  await chmod(join(folder, '.stack'), 0o700)
  await orAbsent(() => chmod(join(folder, '.stack/secrets.toml'), 0o600))
}
