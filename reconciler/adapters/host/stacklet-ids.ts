import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { StackError } from '../../model/errors.ts'
import { isStackletId, type StackletId } from '../../model/names.ts'
import { findInstance, type InstancePlace } from './find-instance.ts'

export interface StackletPlaces {
  readonly place: InstancePlace | null
  /** Sorted. */
  readonly ids: readonly StackletId[]
}

/** The stacklets that lie in the instance at hand, by their directories' names; none outside of one. Reads no file, so it is quick. */
export async function stackletPlaces(cwd: string, stackDir: string | undefined): Promise<StackletPlaces> {
  const place = await findInstance(cwd, stackDir).catch(orNone)
  if (place === null) return { place, ids: [] }
  const names = (await readdir(join(place.root, 'stacklets')).catch((): string[] => [])).filter(isStackletId).sort()
  const isThere = await Promise.all(names.map((name) => hasManifest(join(place.root, 'stacklets', name))))
  return { place, ids: names.filter((_, index) => isThere[index]) }
}

function hasManifest(directory: string): Promise<boolean> {
  return access(join(directory, 'stacklet.toml')).then(
    () => true,
    () => false,
  )
}

function orNone(error: unknown): null {
  if (error instanceof StackError && error.code === 'STACK_NO_INSTANCE') return null
  throw error
}
