import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The version of the stacklet core that lies in this package. */
export async function shippedVersion(): Promise<string | null> {
  const built = join(dirname(fileURLToPath(import.meta.url)), '../../..')
  const root = existsSync(join(built, 'stacklets')) ? built : dirname(built)
  return versionIn(await readFile(join(root, 'stacklets/core/stacklet.toml'), 'utf8').catch(() => ''))
}

/** What a manifest says of its version, even where the rest of it cannot be read. */
export function versionIn(manifest: string): string | null {
  return /^version\s*=\s*"([^"]+)"/m.exec(manifest)?.[1] ?? null
}
