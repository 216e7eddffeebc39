import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { borrowEngine } from '../demo/borrow-engine.ts'
import { placesIn } from '../demo/places.ts'
import { undisturbed, withParts } from '../demo/program-environment.ts'
import type { Endpoint } from '../reconciler/adapters/docker/endpoint.ts'
import { importBusybox } from '../reconciler/adapters/engine/import-busybox.ts'
import { startEngine } from '../reconciler/adapters/engine/start-engine.ts'
import { unpackEngine } from '../reconciler/adapters/engine/unpack-engine.ts'
import { run } from '../reconciler/adapters/process/run.ts'
import type { Ground } from './row.ts'

export interface RentedGround extends Ground {
  /** Removes what the ground itself brought. */
  readonly giveBack: () => Promise<void>
}

/** An engine that runs already, or the private one for as long as this takes; the image; an empty folder. */
export async function rentGround(count: number, say: (line: string) => void): Promise<RentedGround> {
  const places = placesIn(process.env)
  const binaries = await unpackEngine({ folder: places.parts, onLine: say })
  const borrowed = await borrowEngine(process.env)
  const own = borrowed === null ? await startEngine({ binaries, folder: places.engine }) : null
  const endpoint: Endpoint = borrowed ?? { address: own?.dockerHost ?? '', certificates: null }
  say(`engine at ${endpoint.address}`)

  const env = withParts(binaries, endpoint, undisturbed(process.env))
  const call = caller(env)
  const folder = await mkdtemp(join(tmpdir(), 'stackloop-bench-'))
  const hadImage = await call(['docker', 'image', 'inspect', 'busybox:1.36'], folder).then(
    () => true,
    () => false,
  )
  const image = await importBusybox({ binaries, dockerHost: endpoint.address })
  return {
    folder,
    env,
    image,
    count,
    socket: endpoint.address.replace(/^unix:\/\//, ''),
    call,
    mark: randomBytes(3).toString('hex'),
    async giveBack() {
      if (!hadImage && own === null) await call(['docker', 'image', 'rm', image], folder)
      // Tests that began meanwhile use it as well.
      const isUsed = (await call(['docker', 'ps', '--all', '--quiet'], folder)) !== ''
      if (own !== null && isUsed) say('the private engine is used by others by now: npm run demo -- --stop ends it')
      else await own?.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function caller(env: NodeJS.ProcessEnv): Ground['call'] {
  return async (argv, cwd) => {
    const ran = await run(argv, { cwd, env })
    if (ran.exitCode === 0) return ran.stdout.trimEnd()
    throw new Error(`${argv.join(' ')} exited ${ran.exitCode}: ${ran.stderr || ran.stdout}`)
  }
}
