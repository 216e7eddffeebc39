import { afterAll } from 'vitest'

/**
 * Where what `beforeAll` makes registers its clean-up: `afterAll` itself hears only who calls it before the tests run. Called at the
 * top of a file or of a `describe`, before any other `afterAll`: the last registered is the first to run.
 */
export function atTheEnd(): (cleanUp: () => Promise<void>) => void {
  const cleanUps: (() => Promise<void>)[] = []
  afterAll(async () => {
    for (const cleanUp of cleanUps.reverse()) await cleanUp()
  })
  return (cleanUp) => void cleanUps.push(cleanUp)
}
