import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'

import type { WordsRequest } from '../../ports/hook-host.ts'
import { hookEnvironment } from './hook-environment.ts'
import { hookLines } from './hook-lines.ts'
import type { HookWorld } from './hook-world.ts'
import { wordsFromChannel } from './how-to-run.ts'
import { packagePlaces } from './package-places.ts'
import type { ProgramEnd } from './run-program.ts'
import { scrubber } from './scrub.ts'
import { supervise } from './supervise.ts'

/**
 * Runs a shell's words and leaves running what they start. Their output goes to a file, `.stack/services/<id>.log`: a service
 * that still prints when nobody listens any more would be ended by that.
 */
export async function runShellWords(request: WordsRequest, signal: AbortSignal, world: HookWorld): Promise<ProgramEnd> {
  const { id, context, words, onLine } = request
  const places = { ...world, python: packagePlaces().python }
  const log = await openLog(world.instance, id)
  try {
    const ending = await supervise({
      ...request,
      signal,
      argv: wordsFromChannel,
      cwd: world.instance,
      env: hookEnvironment(id, context, world.env, places).process,
      stdio: ['ignore', log.file.fd, log.file.fd],
      leavesRunning: true,
      onOutput: () => {},
      converse: (socket) => socket.resume().write(`${words}\0`),
    })
    const lines = hookLines({ scrub: scrubber(context.secrets).scrub, onPrinted: onLine, onTold: onLine })
    lines.push(await log.printed(), 'stdout')
    return { ending, output: lines.end(), exception: null, result: null }
  } finally {
    await log.file.close()
  }
}

const longestLog = 10 * 1024 * 1024
const shownBytes = 1024 * 1024

async function openLog(instance: string, id: string) {
  const folder = join(instance, '.stack/services')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = await open(join(folder, `${id}.log`), 'a+', 0o600)
  if ((await file.stat()).size > longestLog) await file.truncate()
  const { size: before } = await file.stat()

  async function printed(): Promise<Buffer> {
    const length = Math.min((await file.stat()).size - before, shownBytes)
    const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.max(0, length)), 0, length, before)
    return buffer.subarray(0, bytesRead)
  }
  return { file, printed }
}
