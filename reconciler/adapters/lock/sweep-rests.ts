import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { type StagedPlace, stagedPlaces } from '../../lib/staged-places.ts'
import { holdFileLock } from '../process/file-lock.ts'

/**
 * Removes what killed processes had staged in `.stack/`, for who holds the host's lock. What another lock guards is removed under
 * that one, or left for the next time where somebody holds it. Where nothing is left, nothing is touched.
 */
export async function sweepRests(instance: string): Promise<void> {
  for (const place of stagedPlaces) {
    const rests = place.lock === null ? [] : await restsIn(instance, place)
    if (rests.length === 0) continue
    if (place.lock === 'lock') await removeAll(rests)
    else await removeUnder(join(instance, '.stack', place.lock ?? ''), rests)
  }
}

async function restsIn(instance: string, { folder, isStaged }: StagedPlace): Promise<readonly string[]> {
  const names = await readdir(join(instance, folder)).catch((): string[] => [])
  return names.filter((name) => isStaged.test(name)).map((name) => join(instance, folder, name))
}

async function removeUnder(lock: string, rests: readonly string[]): Promise<void> {
  const held = await holdFileLock({ path: lock, wait: 'no' })
  if ('heldBy' in held) return
  await removeAll(rests).finally(() => held.release())
}

async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { recursive: true, force: true })
}
