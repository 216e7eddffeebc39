import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { holdFileLock } from '../../reconciler/adapters/process/file-lock.ts'
import { identify, isRunning, type ProcessIdentity } from '../../reconciler/adapters/process/process-identity.ts'

/** There is one test engine per machine. Every test run signs in, and the last one to sign out ends it. */
export interface EngineUsers {
  /** Runs `start` with nobody else starting or stopping, and counts us in. `alone`: no other run uses the engine now. */
  join<T>(start: (use: { readonly alone: boolean }) => Promise<T>): Promise<T>
  /** Counts us out, and runs `stop` when nobody is left. Runs that died do not count. */
  leave(stop: () => Promise<void>): Promise<void>
}

export function engineUsers(folder: string): EngineUsers {
  const users = join(folder, 'users')
  const ours = join(users, String(process.pid))

  return {
    join: (start) =>
      exclusively(folder, async () => {
        await mkdir(users, { recursive: true })
        const alone = !(await hasLivingUser(users))
        await writeFile(ours, JSON.stringify(await identify(process.pid)))
        return start({ alone })
      }),
    leave: (stop) =>
      exclusively(folder, async () => {
        await rm(ours, { force: true })
        if (!(await hasLivingUser(users))) await stop()
      }),
  }
}

async function exclusively<T>(folder: string, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = await holdFileLock({
    path: join(folder, 'users.lock'),
    wait: { timeoutMs: 240_000 },
    owner: `${process.pid}`,
  })
  if ('heldBy' in lock)
    throw new Error(`process ${lock.heldBy} has been starting or stopping the test engine for 4 minutes`)
  try {
    return await work()
  } finally {
    await lock.release()
  }
}

async function hasLivingUser(users: string): Promise<boolean> {
  for (const name of await readdir(users)) {
    const user = JSON.parse(await readFile(join(users, name), 'utf8')) as ProcessIdentity
    if (await isRunning(user)) return true
    await rm(join(users, name), { force: true })
  }
  return false
}
