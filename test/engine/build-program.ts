import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { bundle } from '../../build/bundle.ts'
import { packageRoot } from '../../demo/places.ts'
import { holdFileLock } from '../../reconciler/adapters/process/file-lock.ts'

const main = join(packageRoot, 'dist/cli/main.js')
/** Whatever dist/ is made of. */
const sources = [
  'reconciler',
  'cli',
  'watchers',
  'web',
  'sdk',
  'bench',
  'demo',
  'build',
  'tsconfig.json',
  'package.json',
]

/** Brings dist/ up to date with the sources: scenario tests run what users run. Does nothing where it is. */
export async function buildProgram(say: (line: string) => void): Promise<void> {
  const lock = await holdFileLock({
    path: join(packageRoot, 'node_modules/.stackloop-build.lock'),
    wait: { timeoutMs: 120_000 },
    owner: `${process.pid}`,
  })
  if ('heldBy' in lock) throw new Error(`process ${lock.heldBy} has been building for 2 minutes`)
  try {
    if ((await newest(sources)) <= (await changedAt(main))) return
    say('building dist/')
    await bundle()
  } finally {
    await lock.release()
  }
}

async function newest(names: readonly string[]): Promise<number> {
  const times = await Promise.all(names.map(newestUnder))
  return Math.max(...times)
}

/** A removed file shows in its folder's time. */
async function newestUnder(name: string): Promise<number> {
  const path = join(packageRoot, name)
  const inside = await readdir(path, { recursive: true }).catch(() => [])
  const times = await Promise.all([path, ...inside.map((file) => join(path, file))].map(changedAt))
  return Math.max(...times)
}

function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
}
