import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { stagedPlaces } from '../../lib/staged-places.ts'

/**
 * Names of what a process of ours writes before it renames it, and leaves behind when it is killed: relative to the instance, and
 * absolute for the folder in which Compose gets its values.
 */
export async function stagedFiles(instance: string, temporary: string): Promise<readonly string[]> {
  const own = await Promise.all(
    stagedPlaces.map(async ({ folder, isStaged }) => {
      const names = await namesIn(join(instance, folder))
      return names.filter((name) => isStaged.test(name)).map((name) => `${folder}/${name}`)
    }),
  )
  const values = (await namesIn(temporary)).filter((name) => /^stackloop-[A-Za-z0-9]{6}$/.test(name))
  const ours = await Promise.all(values.map(async (name) => ((await holdsValues(join(temporary, name))) ? [name] : [])))
  return [...new Set(own.flat()), ...ours.flat().map((name) => join(temporary, name))]
}

/** Made for one question to Compose, and nothing else is ever in it. */
async function holdsValues(folder: string): Promise<boolean> {
  const names = await namesIn(folder)
  return names.length === 1 && names[0] === 'values.env'
}

export function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((): string[] => [])
}
