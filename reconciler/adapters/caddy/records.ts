import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'

import { StackError } from '../../model/errors.ts'
import type { RoutePart } from '../../model/route.ts'
import { rootFile } from './assemble.ts'
import { inOrder, partsText, readParts } from './content.ts'

/** What lies in the folder that Caddy's container shares with us. */
export interface Records {
  /** What was loaded last. */
  parts(): Promise<readonly RoutePart[]>
  /** What Caddy starts with. */
  config(): Promise<string | null>
  /** Writes down the root of an authority of one's own, for Caddy to read. Former ones stay: what is loaded may name them. */
  keepRoot(root: string | null): Promise<void>
  /** Writes down both; what is there already is not written again. */
  keep(parts: readonly RoutePart[], config: string): Promise<void>
}

export function fileRecords(folder: string): Records {
  const partsFile = join(folder, 'parts.json')
  const configFile = join(folder, 'config.json')
  return {
    parts: async () => inOrder(readParts(await textOf(partsFile))),
    config: () => textOf(configFile),
    keepRoot: async (root) => (root === null ? undefined : write(folder, join(folder, rootFile(root)), root)),
    async keep(parts, config) {
      await write(folder, configFile, config)
      await write(folder, partsFile, partsText(parts))
    },
  }
}

async function write(folder: string, file: string, text: string): Promise<void> {
  try {
    if ((await textOf(file)) === text) return
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFileAtomic(file, text, { mode: 0o600 })
  } catch (error) {
    throw new StackError('STACK_FILES_FAILED', `cannot write ${file}: ${(error as Error).message}`, {
      hint: `let the user that runs stack write ${folder}, and see that its disk has room`,
      cause: error,
    })
  }
}

function textOf(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}
