import { chmod, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { packageRoot } from '../../demo/places.ts'
import { holdFileLock } from '../../reconciler/adapters/process/file-lock.ts'
import { run } from '../../reconciler/adapters/process/run.ts'

const main = join(packageRoot, 'dist/cli/main.js')
const recipe = 'tsconfig.build.json'

/** Brings dist/ up to date with the sources: scenario tests run what users run. Does nothing where it is. */
export async function buildProgram(say: (line: string) => void): Promise<void> {
  const lock = await holdFileLock({
    path: join(packageRoot, 'node_modules/.stackloop-build.lock'),
    wait: { timeoutMs: 120_000 },
    owner: `${process.pid}`,
  })
  if ('heldBy' in lock) throw new Error(`process ${lock.heldBy} has been building for 2 minutes`)
  try {
    if ((await newest(await sources())) > (await changedAt(main))) await build(say)
  } finally {
    await lock.release()
  }
}

async function sources(): Promise<readonly string[]> {
  const { include } = JSON.parse(await readFile(join(packageRoot, recipe), 'utf8')) as { include: readonly string[] }
  return [...include, recipe, 'tsconfig.json', 'package.json']
}

async function build(say: (line: string) => void): Promise<void> {
  say('building dist/')
  const tsc = join(packageRoot, 'node_modules/typescript/bin/tsc')
  const ran = await run([process.execPath, tsc, '-p', recipe], { cwd: packageRoot })
  // Type errors are npm run check's to judge: the program is written all the same.
  for (const line of ran.stdout.split('\n').filter((text) => text !== '')) say(line)
  await chmod(main, 0o755)
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
