import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { NewFile } from '../../ports/new-instance.ts'
import { orAbsent } from './file-access.ts'

/** The files of a stacklet that lies in this package, as they are for an instance: `stacklets/core/stacklet.toml`. */
export async function shippedStacklet(id: string): Promise<readonly NewFile[]> {
  const root = packageRoot()
  const entries = await orAbsent(() => readdir(join(root, 'stacklets', id), { recursive: true, withFileTypes: true }))
  const paths = (entries ?? [])
    .filter((entry) => entry.isFile() && entry.name !== '.env')
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  return Promise.all(paths.sort().map((path) => fileAt(root, path)))
}

/** The same from the sources and from what the compiler made of them, a level deeper. */
function packageRoot(): string {
  const built = join(dirname(fileURLToPath(import.meta.url)), '../../..')
  return existsSync(join(built, 'stacklets')) ? built : dirname(built)
}

async function fileAt(root: string, path: string): Promise<NewFile> {
  const { mode } = await stat(join(root, path))
  return { path, bytes: await readFile(join(root, path)), isExecutable: (mode & 0o100) !== 0 }
}
