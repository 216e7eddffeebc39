import { readFile, rm } from 'node:fs/promises'

import { endDaemon } from '../process/daemon.ts'
import { isRunning, type ProcessIdentity } from '../process/process-identity.ts'
import { type EngineFolders, engineFolders } from './engine-config.ts'
import { endContainerd, unmountLeftovers } from './leftovers.ts'

/** Containers get 10 s, all at once; then the engine needs a moment for itself. */
const graceMs = 25_000

/** Stops the private engine of a folder and its containers, if one runs there. Resolves when it is gone; data stays. */
export async function stopEngine(folder: string): Promise<void> {
  const at = engineFolders(folder)
  const engine = await runningEngine(at)
  if (engine !== undefined) await endDaemon(engine, graceMs)

  await endContainerd(at)
  await unmountLeftovers(at)
  await rm(at.identityFile, { force: true })
  await rm(at.socket, { force: true })
}

/** The engine we started in this folder, when it is still that very process. */
export async function runningEngine(at: EngineFolders): Promise<ProcessIdentity | undefined> {
  const text = await readFile(at.identityFile, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const engine = JSON.parse(text) as ProcessIdentity
  return (await isRunning(engine)) ? engine : undefined
}
