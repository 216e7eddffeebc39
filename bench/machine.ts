import { readFile } from 'node:fs/promises'
import { cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'

import { packageRoot } from '../demo/places.ts'
import type { Ground } from './row.ts'

/** What the numbers depend on, a line each. */
export async function describeMachine({ call, folder }: Ground): Promise<readonly string[]> {
  const { version } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
  const commit = await call(['git', '-C', packageRoot, 'rev-parse', '--short', 'HEAD'], folder).catch(() => 'no commit')
  const docker = await call(['docker', 'version', '--format', '{{.Server.Version}}'], folder)
  const compose = await call(['docker', 'compose', 'version', '--short'], folder)
  const [cpu] = cpus()
  return [
    `${cpus().length} × ${cpu?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    `stackloop ${version} (${commit}), Node ${process.version}, Docker ${docker}, Compose ${compose}`,
  ]
}
