import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'

import { type FSWatcher, watch } from 'chokidar'

/** Looks at places of this disk, and says only that something is other than before. */
export interface Eyes {
  /** Looks there from now on. Answers true where it had not been looking there: what happened meanwhile nobody saw. */
  turnTo(places: readonly string[]): Promise<boolean>
  close(): Promise<void>
}

/**
 * Places need not be there: their folders are watched, and a place whose folder is missing, or was put in place of another one,
 * is seen from the next `turnTo` on.
 */
export function watchPlaces(onChange: () => void): Eyes {
  let watcher: FSWatcher | null = null
  let looksAt = ''
  return {
    async turnTo(places) {
      const folders = await Promise.all(rootsOf(places).map(identified))
      const there = folders.filter((one) => one !== null)
      const key = JSON.stringify([places, there])
      if (key === looksAt) return false
      await watcher?.close()
      watcher =
        there.length === 0
          ? null
          : await opened(
              there.map(({ path }) => path),
              places,
              onChange,
            )
      looksAt = key
      return true
    },
    async close() {
      await watcher?.close()
      watcher = null
    },
  }
}

/** The folders that the places lie in, those left out that lie in others. */
function rootsOf(places: readonly string[]): readonly string[] {
  const folders = [...new Set(places.map((place) => dirname(place)))]
  return folders.filter((one) => !folders.some((other) => other !== one && isIn(one, other)))
}

/** A folder that was removed and made again, or swapped, has another number, or is younger where the number was used again. */
async function identified(path: string): Promise<{ readonly path: string; readonly identity: string } | null> {
  return stat(path).then(
    ({ ino, birthtimeMs }) => ({ path, identity: `${ino} ${birthtimeMs}` }),
    () => null,
  )
}

async function opened(folders: readonly string[], places: readonly string[], onChange: () => void): Promise<FSWatcher> {
  const isOfInterest = (path: string) => places.some((place) => isIn(path, place) || isIn(place, path))
  const watcher = watch([...folders], {
    ignoreInitial: true,
    atomic: false,
    ignored: (path) => path.endsWith('.lock') || !isOfInterest(path),
  })
  watcher.on('all', onChange)
  // Without enough watches of the system the interval is what is left.
  watcher.on('error', () => {})
  await new Promise<void>((resolve) => watcher.once('ready', resolve))
  return watcher
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}
