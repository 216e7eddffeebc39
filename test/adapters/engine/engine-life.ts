/** `engine-life.ts FOLDER CACHE`: one engine from start to stop, run in a network namespace of its own by start-engine.engine.test.ts. */
import { join } from 'node:path'

import { engineEnvironment } from '../../../reconciler/adapters/engine/engine-environment.ts'
import { importBusybox } from '../../../reconciler/adapters/engine/import-busybox.ts'
import { startEngine } from '../../../reconciler/adapters/engine/start-engine.ts'
import { stopEngine } from '../../../reconciler/adapters/engine/stop-engine.ts'
import { unpackEngine } from '../../../reconciler/adapters/engine/unpack-engine.ts'
import { run } from '../../../reconciler/adapters/process/run.ts'

const [folder = '', cache = ''] = process.argv.slice(2)
const binaries = await unpackEngine({ folder: join(cache, 'engine') })

const [first, second] = await Promise.all([startEngine({ binaries, folder }), startEngine({ binaries, folder })])
const env = engineEnvironment(binaries, first.dockerHost)
const docker = async (...words: string[]) => (await run(['docker', ...words], { env })).stdout.trim()
const image = await importBusybox({ binaries, dockerHost: first.dockerHost })
await docker('run', '--detach', '--init', '--network', 'host', '--name', 'survivor', image, 'sleep', '3600')

process.kill(first.pid, 'SIGKILL')
const third = await startEngine({ binaries, folder })
const survivor = await docker('ps', '--all', '--format', '{{.Names}}')
const sameImage = await importBusybox({ binaries, dockerHost: third.dockerHost })

await third.stop()
const afterStop = await run(['docker', 'ps'], { env })
await stopEngine(folder)

process.stdout.write(
  JSON.stringify({
    attachedToTheSame: first.pid === second.pid,
    anotherAfterKill: third.pid !== first.pid,
    containerSurvivedAsRecorded: survivor === 'survivor',
    imageStayed: sameImage === image,
    goneAfterStop: afterStop.exitCode !== 0,
    stopTwiceIsFine: true,
  }),
)
