import type { Stats } from 'node:fs'
import { lstat } from 'node:fs/promises'

import { isGone } from './files-failed.ts'

/** What lies at a path itself, a link included; null when there is nothing. */
export async function lstatOrNull(path: string): Promise<Stats | null> {
  return lstat(path).catch((error) => {
    if (isGone(error)) return null
    throw error
  })
}
