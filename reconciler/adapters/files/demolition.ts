import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { Demolition, SecretsTrash } from '../../ports/demolition.ts'
import { filesFailed } from './files-failed.ts'
import { lstatOrNull } from './lstat-or-null.ts'
import { mustStayInside } from './own-places.ts'
import { moveToTrash } from './trash.ts'

export interface DemolitionOptions {
  /** Absolute directory of `.stack/`. */
  readonly instance: string
}

/** Deletes from this machine's disk. */
export function demolition({ instance }: DemolitionOptions): Demolition {
  const state = join(instance, '.stack')
  return {
    purgeData: (id, dataDir, at) =>
      naming(join(dataDir, id), async () => {
        // Moved first: what is half deleted must not be taken for a stacklet's data.
        const path = await moveToTrash(dataDir, id, at)
        if (path !== null) await rm(path, { recursive: true, force: true })
        return path !== null
      }),
    removeState: (trash) =>
      naming(state, async () => {
        await mustStayInside(state, instance)
        const saved = trash === null ? null : await saveSecrets(join(state, 'secrets.toml'), trash)
        await rm(state, { recursive: true, force: true })
        return saved
      }),
  }
}

async function saveSecrets(file: string, { dataDir, at }: SecretsTrash): Promise<string | null> {
  if (!(await lstatOrNull(file))?.isFile()) return null
  const trash = join(dataDir, '.trash')
  if ((await lstatOrNull(trash)) === null) return null
  await mustStayInside(trash, dataDir)
  const saved = join(trash, `secrets-${at.toISOString().replaceAll(/[-:]|\.\d+/g, '')}.toml`)
  await copyFile(file, saved)
  return saved
}

async function naming<Answer>(path: string, work: () => Promise<Answer>): Promise<Answer> {
  return work().catch((error) => {
    throw filesFailed(error, 'delete', path)
  })
}
