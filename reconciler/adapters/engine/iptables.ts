import { mkdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'

import { run } from '../process/run.ts'
import type { EngineBinaries } from './unpack-engine.ts'

/**
 * Makes a folder with an `iptables` and an `ip6tables` in it, the variant that works on this kernel: nft where it does, else legacy.
 * Debian decides this in an install script, which has not run.
 */
export async function linkIptables(binaries: EngineBinaries, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const programs = join(folder, 'sbin')
  const variant = (await canReadRules(binaries.iptables.nft, env)) ? binaries.iptables.nft : binaries.iptables.legacy

  await rm(programs, { recursive: true, force: true })
  await mkdir(programs)
  for (const name of ['iptables', 'ip6tables']) {
    for (const suffix of ['', '-save', '-restore']) await symlink(variant, join(programs, `${name}${suffix}`))
  }
  return programs
}

/** Reads the one table without which no port can be published. */
async function canReadRules(variant: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  return (await run([variant, 'iptables', '-w', '5', '-t', 'nat', '-S'], { env, timeoutMs: 10_000 })).exitCode === 0
}
