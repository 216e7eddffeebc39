/** A process that contends for a lock, `lock-contender.ts PATH count|sit`, started by file-lock.test.ts. `count` takes it six times. */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { holdFileLock } from '../../../reconciler/adapters/process/file-lock.ts'

const [path = '', mode] = process.argv.slice(2)

async function contend(): Promise<void> {
  const lock = await holdFileLock({ path, wait: { timeoutMs: 50_000 }, owner: `contender ${process.pid}` })
  if ('heldBy' in lock) throw new Error(`held by ${lock.heldBy}`)

  process.stdout.write('held\n')
  if (mode === 'sit') await sleep(60_000)
  await countUp(join(dirname(path), 'counter'))
  await lock.release()
}

async function countUp(counter: string): Promise<void> {
  const before = Number(readFileSync(counter, 'utf8'))
  await sleep(5)
  writeFileSync(counter, `${before + 1}`)
}

await Promise.all(Array.from({ length: mode === 'sit' ? 1 : 6 }, contend))
