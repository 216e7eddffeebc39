/** `start-apart.ts FOLDER BINARIES`: starts an engine in the network namespace it finds itself in, and leaves it running there. */
import { startEngine } from '../../reconciler/adapters/engine/start-engine.ts'
import type { EngineBinaries } from '../../reconciler/adapters/engine/unpack-engine.ts'
import { run } from '../../reconciler/adapters/process/run.ts'

const [folder = '', described = '{}'] = process.argv.slice(2)
const binaries: EngineBinaries = JSON.parse(described)
await run([binaries.busybox, 'ip', 'link', 'set', 'lo', 'up'])
const { dockerHost } = await startEngine({ binaries, folder })
process.stdout.write(dockerHost)
